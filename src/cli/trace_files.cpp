#include "cli/trace_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "cli/memory_file.hpp"
#include "trace/format.hpp"
#include "trace/places.hpp"

namespace trama {
namespace {

constexpr int kNumberMax = 1000000;

/// "banco_inseguro-race-7" for a trace; only characters that every shell takes as they are.
std::string stem_of(const Trace& trace) {
  const std::string_view code =
      trace.findings.empty() ? std::string_view("trace") : to_text(trace.findings.front().code);
  std::string stem = fmt::format("{}-{}-{}", base_name(trace.program), code, trace.seed);
  for (char& c : stem) {
    const auto byte = static_cast<unsigned char>(c);
    c = std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' ? c : '_';
  }
  const std::size_t code_begin = stem.size() - code.size() - fmt::formatted_size("-{}", trace.seed);
  for (std::size_t i = code_begin; i < code_begin + code.size(); ++i) {
    stem[i] = static_cast<char>(std::tolower(static_cast<unsigned char>(stem[i])));
  }
  if (stem.starts_with('-')) stem.insert(0, "_");
  return stem;
}

}  // namespace

Result<TraceFile> read_trace_file(const std::string& path, Language language) {
  const auto unreadable = [&](int number) {
    return Error{say(language, Message::error_read, path, std::strerror(number))};
  };
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return unreadable(errno);
  if (S_ISDIR(status.st_mode)) return unreadable(EISDIR);
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return unreadable(errno);
  TraceFile file;
  char buffer[65536];
  ssize_t count = 0;
  while ((count = ::read(descriptor, buffer, sizeof buffer)) > 0) {
    file.text.append(buffer, static_cast<std::size_t>(count));
  }
  const int number = errno;
  ::close(descriptor);
  if (count < 0) return unreadable(number);
  std::size_t consumed = 0;
  Result<Trace> trace = read_trace(file.text, &consumed);
  if (!trace) return Error{say(language, Message::error_trace, path, trace.error().message)};
  file.text.resize(consumed);
  file.trace = std::move(trace.value());
  return file;
}

Result<std::string> write_trace_file(const Trace& trace, const std::string& folder,
                                     Language language) {
  const auto unwritable = [&](const std::string& what, int number) {
    return Error{say(language, Message::error_write, what, std::strerror(number))};
  };
  std::error_code problem;
  std::error_code ignored;
  std::filesystem::create_directories(folder, problem);
  if (problem && !std::filesystem::is_directory(folder, ignored))
    return unwritable(folder, problem.value());
  const std::string stem = folder + "/" + stem_of(trace);
  for (int n = 1; n < kNumberMax; ++n) {
    const std::string path = n == 1 ? stem + ".trama" : fmt::format("{}-{}.trama", stem, n);
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0 && errno == EEXIST) continue;
    if (descriptor < 0) return unwritable(path, errno);
    std::string text;
    write_trace(trace, text);
    int number = write_all(descriptor, text) ? 0 : errno;
    if (::close(descriptor) != 0 && number == 0) number = errno;
    if (number == 0) return path;
    ::unlink(path.c_str());  // half a trace is of no use
    return unwritable(path, number);
  }
  return unwritable(stem, EEXIST);
}

}  // namespace trama
