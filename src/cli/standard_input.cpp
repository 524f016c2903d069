#include "cli/standard_input.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace trama {
namespace {

constexpr int kSilenceMs = 500;

/// True once there is something to read, or the end.
bool speaks() {
  struct stat status {};
  if (::fstat(STDIN_FILENO, &status) != 0) return false;  // closed: nothing to read
  if (S_ISREG(status.st_mode)) return true;
  pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  return ::poll(&input, 1, kSilenceMs) > 0;
}

}  // namespace

Result<MemoryFile> copy_standard_input(Language language) {
  MemoryFile copy("trama-stdin");
  if (!copy.ok()) return Error{say(language, Message::error_memfd, std::strerror(errno))};
  if (::isatty(STDIN_FILENO) != 0 || ::fcntl(STDIN_FILENO, F_GETFD) < 0) return copy;
  if (!speaks()) {
    fmt::print(stderr, "{}\n",
               say(language, Message::error_prefix, say(language, Message::note_stdin_empty)));
    return copy;
  }
  char buffer[65536];
  for (;;) {
    const ssize_t count = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) break;  // Ctrl-C: go on with what came
    if (count <= 0) break;
    if (!copy.append({buffer, static_cast<std::size_t>(count)})) {
      return Error{say(language, Message::error_memfd, std::strerror(errno))};
    }
  }
  copy.rewind();
  return copy;
}

}  // namespace trama
