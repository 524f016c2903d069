// open_file: files, read and written by a thread of the pool while the loop goes on. asyncio has
// none; this is what its users take aiofiles for.
//
//   aio::file in = co_await aio::open_file("notes.txt");
//   for (std::string line = co_await in.read_line(); !line.empty(); line = co_await in.read_line())
//     …;
//
// Errors of the system are boost::system::system_error, and what() names the path.
// A cancellation ends the wait at once. What a read brings nevertheless is there for the next read;
// what a write has begun to write is written.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/system/system_error.hpp>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <trama/aio/detail/read_buffer.hpp>
#include <trama/aio/lock.hpp>
#include <trama/aio/to_thread.hpp>
#include <utility>
#include <vector>

namespace trama::aio {

namespace detail {

class descriptor {
 public:
  descriptor() noexcept = default;
  explicit descriptor(int number) noexcept : number_(number) {}
  descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int get() const noexcept { return number_; }
  int release() noexcept { return std::exchange(number_, -1); }

 private:
  int number_ = -1;
};

[[noreturn]] inline void throw_errno(int error, const char* what, const std::string& path) {
  throw boost::system::system_error(error, boost::system::system_category(),
                                    std::string(what) + " '" + path + "'");
}

/// The flags of open(2) for a mode as Python's open() has it.
inline int open_flags(std::string_view mode) {
  int flags = 0;
  int kinds = 0;
  bool both = false;
  for (const char letter : mode) {
    switch (letter) {
      case 'r': ++kinds; break;
      case 'w': ++kinds, flags |= O_CREAT | O_TRUNC; break;
      case 'a': ++kinds, flags |= O_CREAT | O_APPEND; break;
      case 'x': ++kinds, flags |= O_CREAT | O_EXCL; break;
      case '+': both = true; break;
      case 'b':
      case 't': break;
      default: kinds = 2; break;
    }
  }
  if (kinds != 1) {
    throw std::invalid_argument("trama::aio: no mode to open a file: '" + std::string(mode) + "'");
  }
  return flags | O_CLOEXEC | (both ? O_RDWR : flags == 0 ? O_RDONLY : O_WRONLY);
}

inline descriptor open_descriptor(const std::string& path, int flags) {
  int number;
  do {
    number = ::open(path.c_str(), flags, 0666);
  } while (number < 0 && errno == EINTR);
  if (number < 0) throw_errno(errno, "cannot open", path);
  descriptor opened(number);
  struct stat status;
  if (::fstat(number, &status) == 0 && S_ISDIR(status.st_mode)) {
    throw_errno(EISDIR, "cannot open", path);
  }
  return opened;
}

inline auto open_call(const std::string& path, int flags) {
  return in_thread("open_file", [path, flags] { return open_descriptor(path, flags); });
}

inline std::string read_some(int number, const std::string& path) {
  std::string bytes(std::size_t{64} * 1024, '\0');
  ssize_t count;
  do {
    count = ::read(number, bytes.data(), bytes.size());
  } while (count < 0 && errno == EINTR);
  if (count < 0) throw_errno(errno, "cannot read", path);
  bytes.resize(static_cast<std::size_t>(count));
  return bytes;
}

inline void write_all(int number, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(number, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw_errno(errno, "cannot write", path);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

struct file_state {
  std::string path;
  descriptor opened;
  lock turn;  // held from the start of a call until its thread has made it
  read_buffer ahead;
};

}  // namespace detail

/// A file that is open. Its operations take their turns, also those of several tasks. Destroying
/// it closes it. Python: a file object.
class [[nodiscard]] file {
 public:
  static constexpr std::size_t all = ~std::size_t{0};

  file(file&&) noexcept = default;
  file& operator=(file&&) noexcept = default;

  /// Up to `count` bytes; fewer at the end of the file, "" behind it. Python: the same.
  task<std::string> read(std::size_t count = all) {
    return read_up_to(state(), count).labelled("file.read");
  }

  /// The next line with its "\n"; the last one may lack it; "" at the end. Python: `readline()`.
  task<std::string> read_line() { return next_line(state()).labelled("file.read_line"); }

  /// All lines that are left, each with its "\n". Python: `readlines()`.
  task<std::vector<std::string>> lines() { return all_lines(state()).labelled("file.lines"); }

  /// Writes all of it. Python: the same.
  task<void> write(std::string bytes) {
    return put(state(), std::move(bytes)).labelled("file.write");
  }

  /// Ends it, after what others are doing with it; harmless if it is closed. Only this way an error
  /// of close(2) is seen. Python: the same.
  task<void> close() { return finish(std::move(state_)).labelled("file.close"); }

  [[nodiscard]] bool is_open() const noexcept { return state_ != nullptr; }

 private:
  using state_ptr = std::shared_ptr<detail::file_state>;
  friend task<file> open_in_thread(std::string path, int flags);
  explicit file(state_ptr state) noexcept : state_(std::move(state)) {}

  [[nodiscard]] const state_ptr& state() const {
    if (!state_) throw std::logic_error("trama::aio: the file is closed");
    return state_;
  }

  // One read(2) in a thread; false at the end of the file. The guard goes along, so that the next
  // operation has to wait until this call is over, even if nobody waits for it any more.
  static auto fill(state_ptr from, lock::guard turn) {
    return detail::in_thread(
        "file.read", [from] { return detail::read_some(from->opened.get(), from->path); },
        [from, turn = std::move(turn)](detail::result_slot<std::string>& read) noexcept {
          from->ahead.append(read.get());
        });
  }

  static task<std::string> read_up_to(state_ptr from, std::size_t count) {
    while (from->ahead.size() < count) {
      auto turn = co_await from->turn.scoped();
      if (from->ahead.size() >= count) break;
      const std::string more = co_await fill(from, std::move(turn));
      if (more.empty()) break;
    }
    co_return from->ahead.take(count);
  }

  static task<std::string> next_line(state_ptr from) {
    for (std::size_t searched = 0;;) {
      const std::size_t found = from->ahead.view().find('\n', searched);
      if (found != std::string_view::npos) co_return from->ahead.take(found + 1);
      searched = from->ahead.size();
      auto turn = co_await from->turn.scoped();
      if (from->ahead.size() != searched) {  // another task has read meanwhile
        searched = 0;
        continue;
      }
      const std::string more = co_await fill(from, std::move(turn));
      if (more.empty()) co_return from->ahead.take(all);
    }
  }

  static task<std::vector<std::string>> all_lines(state_ptr from) {
    std::vector<std::string> lines;
    for (std::string line = co_await next_line(from); !line.empty();
         line = co_await next_line(from)) {
      lines.push_back(std::move(line));
    }
    co_return lines;
  }

  // GCC 12 destroys a closure that is made inside of a co_await expression twice, if it has a
  // capture that is not trivial. So closures are made here, outside of the coroutines.

  // What was read ahead has moved the position in the file: it goes back to where its user is.
  static auto write_call(state_ptr into, lock::guard turn, std::string bytes) {
    const std::size_t ahead = into->ahead.size();
    into->ahead.clear();
    return detail::in_thread(
        "file.write",
        [into, ahead, bytes = std::move(bytes)] {
          if (ahead != 0) {
            (void)::lseek(into->opened.get(), -static_cast<off_t>(ahead), SEEK_CUR);
          }
          detail::write_all(into->opened.get(), bytes, into->path);
        },
        [turn = std::move(turn)](const auto&) noexcept {});
  }
  static task<void> put(state_ptr into, std::string bytes) {
    auto turn = co_await into->turn.scoped();
    co_await write_call(into, std::move(turn), std::move(bytes));
  }

  static auto close_call(state_ptr last, lock::guard turn) {
    return detail::in_thread(
        "file.close",
        [last] {
          const int number = last->opened.release();
          if (number >= 0 && ::close(number) != 0 && errno != EINTR) {
            detail::throw_errno(errno, "cannot close", last->path);
          }
        },
        [turn = std::move(turn)](const auto&) noexcept {});
  }
  static task<void> finish(state_ptr last) {
    if (!last) co_return;
    auto turn = co_await last->turn.scoped();
    co_await close_call(last, std::move(turn));
  }

  state_ptr state_;
};

inline task<file> open_in_thread(std::string path, int flags) {
  detail::descriptor opened = co_await detail::open_call(path, flags);
  auto state = std::make_shared<detail::file_state>();
  state->path = std::move(path);
  state->opened = std::move(opened);
  co_return file(std::move(state));
}

/// Opens a file; `mode` is Python's: "r", "w", "a" or "x", with "+" for both ways ("b" and "t" mean
/// nothing: bytes are bytes). A directory is an error at once.
/// Python: `aiofiles.open(path, mode)`.
inline task<file> open_file(std::string path, std::string_view mode = "r") {
  return open_in_thread(std::move(path), detail::open_flags(mode)).labelled("open_file");
}

}  // namespace trama::aio
