#include "report/test_name.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "report/source_lines.hpp"

namespace trama {
namespace {

/// What runners said of their tests until the finding.
struct Told {
  std::string running;  ///< begun and not ended
  std::string failed;   ///< the first that failed
};

/// Without what colours a terminal.
std::string plain(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      while (i < text.size() && text[i] != 'm') ++i;
    } else if (text[i] != '\r') {
      result += text[i];
    }
  }
  return result;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// The lines printed until `step`. A program may print in pieces, and threads between them; the
/// runners themselves print in the main thread.
std::vector<std::string> printed_lines(const Trace& trace, std::uint32_t step) {
  std::vector<std::string> lines(1);
  const std::size_t end = std::min<std::size_t>(trace.steps.size(), std::size_t{step} + 1);
  for (std::size_t i = 0; i < end; ++i) {
    if (trace.steps[i].event.operation != Operation::output) continue;
    for (const char letter : plain(trace.steps[i].text)) {
      if (letter == '\n') {
        lines.emplace_back();
      } else {
        lines.back() += letter;
      }
    }
  }
  return lines;
}

/// What stands behind `label`, if the line holds it.
std::optional<std::string_view> behind(std::string_view line, std::string_view label) {
  const std::size_t at = line.find(label);
  if (at == std::string_view::npos) return std::nullopt;
  return trimmed(line.substr(at + label.size()));
}

/// GoogleTest: "[  FAILED  ] Suite.Name, where GetParam() = 3 (0 ms)".
std::string google_name(std::string_view text) {
  return std::string(text.substr(0, std::min(text.find(", where "), text.find(" ("))));
}

void listen_to_googletest(std::string_view line, Told& told) {
  if (const auto begun = behind(line, "[ RUN      ] ")) {
    told.running = *begun;
  } else if (behind(line, "[       OK ] ") || behind(line, "[  SKIPPED ] ")) {
    told.running.clear();
  } else if (const auto failed = behind(line, "[  FAILED  ] ")) {
    told.running.clear();
    const bool is_name = failed->find('.') < failed->find(' ');  // not "2 tests, listed below:"
    if (told.failed.empty() && is_name) told.failed = google_name(*failed);
  }
}

/// doctest, with a failure: "TEST CASE:  name".
void listen_to_doctest(std::string_view line, Told& told) {
  if (line.substr(0, 9) != "TEST CASE" || !told.failed.empty()) return;
  if (const auto name = behind(line, ":")) told.failed = *name;
}

bool is_rule(std::string_view line) {
  return line.size() >= 70 && line.find_first_not_of('-') == std::string_view::npos;
}

/// Catch2, with a failure: the name between two rules of dashes, sections indented below it.
std::string catch2_failure(const std::vector<std::string>& lines) {
  for (std::size_t i = 0; i + 3 < lines.size(); ++i) {
    if (!is_rule(lines[i]) || lines[i + 1].empty() || is_rule(lines[i + 1])) continue;
    for (std::size_t end = i + 2; end + 1 < lines.size() && end < i + 12; ++end) {
      // Below the second rule stands where the test is: "file.cpp:12".
      if (is_rule(lines[end]) && lines[end + 1].find(':') != std::string::npos) {
        return std::string(trimmed(lines[i + 1]));
      }
    }
  }
  return {};
}

Told listen(const std::vector<std::string>& lines) {
  Told told;
  for (const std::string& line : lines) {
    listen_to_googletest(line, told);
    listen_to_doctest(line, told);
  }
  if (told.failed.empty()) told.failed = catch2_failure(lines);
  return told;
}

/// "Suite.Name" of "Suite_Name_Test::TestBody()"; parameters are not in it.
std::string google_function(std::string_view function) {
  const std::size_t end = function.find("_Test::TestBody");
  if (end == std::string_view::npos) return {};
  std::string_view name = function.substr(0, end);
  const std::size_t scope = name.rfind(':');
  if (scope != std::string_view::npos) name.remove_prefix(scope + 1);
  const std::size_t cut = name.find('_');
  if (cut == std::string_view::npos) return std::string(name);
  return std::string(name.substr(0, cut)) + "." + std::string(name.substr(cut + 1));
}

/// The functions that macros of doctest and Catch2 make have numbers for names. The test's name
/// is the first string of the macro's line, at or above the place in the function.
std::string name_in_source(const SourceFrame& frame) {
  const bool doctests = frame.function.find("DOCTEST_ANON_") != std::string::npos;
  const bool catches = frame.function.find("C_A_T_C_H_T_E_S_T_") != std::string::npos ||
                       frame.function.find("CATCH2_INTERNAL_TEST_") != std::string::npos;
  if (!doctests && !catches) return {};
  constexpr std::uint32_t kLinesAbove = 400;
  const std::uint32_t last = frame.line > kLinesAbove ? frame.line - kLinesAbove : 1;
  for (std::uint32_t number = frame.line; number >= last && number > 0; --number) {
    const std::string line = source_line(frame.file, number);
    std::size_t macro = line.find("TEST_CASE");
    if (macro == std::string::npos) macro = line.find("SCENARIO");
    if (macro == std::string::npos) continue;
    const std::size_t begin = line.find('"', macro);
    if (begin == std::string::npos) continue;
    const std::size_t end = line.find('"', begin + 1);
    if (end == std::string::npos) continue;
    const std::string name = line.substr(begin + 1, end - begin - 1);
    return line.compare(macro, 8, "SCENARIO") == 0 ? "Scenario: " + name : name;
  }
  return {};
}

/// The test in which a stack stands: its outermost function that is one.
std::string test_of_stack(const Trace& trace, std::uint32_t stack) {
  if (stack >= trace.stacks.size()) return {};
  const TraceStack& places = trace.stacks[stack];
  for (std::size_t i = places.size(); i-- > 0;) {
    const auto& frames = trace.places[places[i]].frames;
    for (std::size_t k = frames.size(); k-- > 0;) {
      std::string name = google_function(frames[k].function);
      if (name.empty()) name = name_in_source(frames[k]);
      if (!name.empty()) return name;
    }
  }
  return {};
}

/// The same of a thread's stack, then of where it was created, and so on.
std::string test_of_thread(const Trace& trace, ThreadId thread, std::uint32_t stack) {
  for (std::size_t depth = 0; depth <= trace.threads.size(); ++depth) {
    std::string name = test_of_stack(trace, stack);
    if (!name.empty() || thread >= trace.threads.size()) return name;
    stack = trace.threads[thread].create_stack;
    thread = trace.threads[thread].creator;
  }
  return {};
}

std::string test_of_finding(const Trace& trace, const Finding& finding) {
  std::string name = test_of_thread(trace, finding.thread, finding.stack);
  for (const FindingAccess& access : finding.accesses) {
    if (name.empty()) name = test_of_thread(trace, access.thread, access.stack);
  }
  return name;
}

}  // namespace

std::string test_name(const Trace& trace, const Finding& finding) {
  const Told told = listen(printed_lines(trace, finding.step));
  if (!told.running.empty()) return told.running;
  if (finding.code == FindingCode::exit_status) return told.failed;
  return test_of_finding(trace, finding);
}

}  // namespace trama
