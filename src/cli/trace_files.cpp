#include "cli/trace_files.hpp"

#include <fmt/format.h>

#include <cctype>
#include <utility>

#include "cli/files.hpp"
#include "trace/format.hpp"
#include "trace/places.hpp"

namespace trama {
namespace {

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
  return stem.starts_with('-') ? fmt::format("_{}", stem) : stem;
}

}  // namespace

Result<TraceFile> read_trace_file(const std::string& path, Language language) {
  Result<std::string> text = read_file(path, language);
  if (!text) return text.error();
  TraceFile file;
  file.text = std::move(text.value());
  std::size_t consumed = 0;
  Result<Trace> trace = read_trace(file.text, &consumed);
  if (!trace) return Error{say(language, Message::error_trace, path, trace.error().message)};
  file.text.resize(consumed);
  file.trace = std::move(trace.value());
  return file;
}

Result<std::string> write_trace_file(const Trace& trace, const std::string& folder,
                                     Language language) {
  std::string text;
  write_trace(trace, text);
  return write_new_file(folder, stem_of(trace), "trama", text, language);
}

}  // namespace trama
