#include "cli/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "cli/memory_file.hpp"

namespace trama {
namespace {

constexpr int kNumberMax = 1000000;

}  // namespace

Result<std::string> read_file(const std::string& path, Language language, std::string_view head) {
  const auto unreadable = [&](int number) {
    return Error{say(language, Message::error_read, path, std::strerror(number))};
  };
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return unreadable(errno);
  if (S_ISDIR(status.st_mode)) return unreadable(EISDIR);
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return unreadable(errno);
  std::string text;
  char buffer[65536];
  ssize_t count = 0;
  while ((count = ::read(descriptor, buffer, sizeof buffer)) > 0) {
    text.append(buffer, static_cast<std::size_t>(count));
    if (!text.starts_with(head.substr(0, text.size()))) break;
  }
  const int number = errno;
  ::close(descriptor);
  if (count < 0) return unreadable(number);
  return text;
}

std::optional<Error> why_not_writable(const std::string& folder, Language language) {
  std::filesystem::path at(folder);
  std::error_code ignored;
  // What is not there yet would be made in the first folder above that is.
  while (!std::filesystem::exists(at, ignored) && at.has_relative_path()) {
    at = at.has_parent_path() && at.parent_path() != at ? at.parent_path() : ".";
  }
  if (!std::filesystem::is_directory(at, ignored)) {
    return Error{say(language, Message::error_write, folder, std::strerror(ENOTDIR))};
  }
  if (::access(at.c_str(), W_OK | X_OK) == 0) return std::nullopt;
  return Error{say(language, Message::error_write, folder, std::strerror(errno))};
}

Result<std::string> write_new_file(const std::string& folder, const std::string& stem,
                                   std::string_view extension, std::string_view text,
                                   Language language) {
  const auto unwritable = [&](const std::string& what, int number) {
    return Error{say(language, Message::error_write, what, std::strerror(number))};
  };
  std::error_code problem;
  std::error_code ignored;
  std::filesystem::create_directories(folder, problem);
  if (problem && !std::filesystem::is_directory(folder, ignored)) {
    return unwritable(folder, problem.value());
  }
  const std::string first = folder + "/" + stem;
  for (int n = 1; n < kNumberMax; ++n) {
    const std::string path = n == 1 ? fmt::format("{}.{}", first, extension)
                                    : fmt::format("{}-{}.{}", first, n, extension);
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0 && errno == EEXIST) continue;
    if (descriptor < 0) return unwritable(path, errno);
    int number = write_all(descriptor, text) ? 0 : errno;
    if (::close(descriptor) != 0 && number == 0) number = errno;
    if (number == 0) return path;
    ::unlink(path.c_str());  // half of it is of no use
    return unwritable(path, number);
  }
  return unwritable(first, EEXIST);
}

}  // namespace trama
