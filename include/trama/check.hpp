// trama::check: runs a function under many interleavings, inside any test framework.
//
//     #include <trama/check.hpp>
//
//     TEST(Counter, AddsUp) {
//       auto result = trama::check([] {
//         std::atomic<int> n{0};
//         std::thread a([&] { n.store(n.load() + 1); });
//         std::thread b([&] { n.store(n.load() + 1); });
//         a.join();
//         b.join();
//         trama::expect(n == 2);
//       });
//       EXPECT_TRUE(result) << result;
//     }
//
// The function is called once for each execution, so it must begin from the same state each
// time: make what it uses inside it. All threads it starts run under control and must end;
// an execution is over when the last one has. In CMake: find_package(Trama), link
// Trama::check. A check that fails leaves a trace in trama-out/, for `trama show`.
//
// trama::verify runs the same function under every distinct execution of a memory model, each
// once, and so proves what trama::check samples.
//
// Thread safety: one check at a time in a process; other threads of the process must not
// touch what the function uses.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <ostream>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "trama/detail/check_abi.hpp"

namespace trama {

/// How a check explores; the defaults are those of `trama hunt`.
struct check_options {
  std::uint64_t executions = 10000;    ///< stop after so many
  std::uint64_t seconds = 0;           ///< stop after this time; 0: no limit
  std::uint64_t seed = 0;              ///< of every random decision
  std::string strategy = "portfolio";  ///< portfolio, random, pct, round-robin
  std::uint64_t depth = 0;             ///< PCT: ordering constraints; 0: varied
  std::string model = "rc11";          ///< the memory model: rc11 (C++20), tso (x86), sc
  std::uint64_t max_steps = 1000000;   ///< give an execution up after so many steps
  std::uint64_t consequence = 200;     ///< after a race: executions in search of what it does
  std::string name = "check";          ///< names the trace file
  std::string output = "trama-out";    ///< folder of trace files; empty: none is written
  std::string replay;                  ///< a trace file to replay instead of exploring
};

/// How a verification explores; the defaults are those of `trama verify`.
struct verify_options {
  std::string model = "rc11";         ///< the memory model: rc11 (C++20), tso (x86), sc
  std::uint64_t executions = 0;       ///< stop after so many; 0: no limit
  std::uint64_t seconds = 0;          ///< stop after this time; 0: no limit
  std::uint64_t max_steps = 1000000;  ///< give an execution up after so many steps
  std::string name = "verify";        ///< names the trace file
  std::string output = "trama-out";   ///< folder of trace files; empty: none is written
};

struct check_finding {
  std::string code;    ///< RACE, DEADLOCK, ASSERT, … : never translated
  std::string detail;  ///< the assertion, what() of the exception, the signal
  std::string trace;   ///< path of the trace file; empty where none was written
};

/// What a check came to; prints as a person wants to read it.
struct check_result {
  enum class verdict_kind { finding = 1, sampled, incomplete, error, diverged, replayed };

  verdict_kind verdict = verdict_kind::error;
  std::uint64_t executions = 0;
  std::uint64_t distinct = 0;  ///< about how many of them differed
  std::uint64_t seed = 0;
  double seconds = 0;
  std::vector<check_finding> findings;
  std::string message;  ///< of an error: what is wrong and what to do

  /// True when nothing was found; false also on an error.
  [[nodiscard]] bool ok() const {
    return verdict == verdict_kind::sampled || verdict == verdict_kind::replayed ||
           verdict == verdict_kind::incomplete;
  }
  explicit operator bool() const { return ok(); }

  friend std::ostream& operator<<(std::ostream& out, const check_result& result) {
    return out << result.text();
  }

  /// The verdict in one line, then each finding with its interleaving.
  [[nodiscard]] std::string text() const;
};

/// What a verification came to; prints as a person wants to read it.
struct verify_result {
  enum class verdict_kind { finding = 1, incomplete = 3, error, diverged, verified = 7 };

  verdict_kind verdict = verdict_kind::error;
  std::string model;
  std::uint64_t complete = 0;  ///< distinct executions that came to their end
  std::uint64_t blocked = 0;   ///< … that could not: an assumption was false, a loop went on
  double seconds = 0;
  std::vector<check_finding> findings;
  std::string message;  ///< of an error: what is wrong and what to do

  /// True only when every execution was seen and none failed.
  [[nodiscard]] bool ok() const { return verdict == verdict_kind::verified; }
  explicit operator bool() const { return ok(); }

  friend std::ostream& operator<<(std::ostream& out, const verify_result& result) {
    return out << result.text();
  }

  /// The verdict in one line, then the finding with its interleaving.
  [[nodiscard]] std::string text() const;
};

/// A value from 0 to count-1: the exploration tries them all in time. Outside a check, 0.
inline unsigned choose(unsigned count) { return trama_choose(count); }

/// Fails the execution with an ASSERT finding where `condition` is false. Outside a check it
/// ends the program, as assert does. (`file` and `line` are the caller's: leave them out.)
inline void expect(bool condition, const char* what = "trama::expect",
                   const char* file = __builtin_FILE(), unsigned line = __builtin_LINE()) {
  if (condition) return;
  trama_expect_failed(what, file, line);
  std::fprintf(stderr, "%s:%u: %s failed\n", file, line, what);
  std::abort();
}

/// Only executions where `condition` is true are of interest: the calling thread ends where it is
/// false, without a finding. What a loop that waits may be replaced with in a verification.
/// Outside a check nothing happens.
inline void assume(bool condition) { trama_assume(condition ? 1 : 0); }

/// True inside a check, or in a program under `trama`.
inline bool is_controlled() { return trama_is_controlled() != 0; }

namespace detail {

/// Writes `text` to a file of its own in `folder`; its path, or "" with the reason in `error`.
inline std::string write_trace(const std::string& folder, const std::string& name,
                               std::uint64_t seed, std::string code, const std::string& text,
                               std::string& error) {
  if (folder.empty()) return {};
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  for (char& letter : code) letter = static_cast<char>(std::tolower(letter));
  const std::string stem = folder + "/" + name + "-" + code + "-" + std::to_string(seed);
  for (int number = 1; number < 1000; ++number) {
    const std::string path = stem + (number == 1 ? "" : "-" + std::to_string(number)) + ".trama";
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0 && errno == EEXIST) continue;  // never over an existing file
    if (file < 0) break;
    std::size_t done = 0;
    while (done < text.size()) {
      const ssize_t put = ::write(file, text.data() + done, text.size() - done);
      if (put <= 0) break;
      done += static_cast<std::size_t>(put);
    }
    ::close(file);
    if (done == text.size()) return path;
    ::unlink(path.c_str());
    break;
  }
  error = "no trace could be written to " + folder;
  return {};
}

/// What `trama show` says of a trace; "" where the tool is not to be had.
inline std::string show(const std::string& path) {
#ifdef TRAMA_TOOL
  const char* tool = TRAMA_TOOL;
#else
  const char* tool = "trama";
#endif
  std::string quoted;
  for (const char letter : path)
    quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  const std::string command =
      std::string("'") + tool + "' show --color never '" + quoted + "' 2>/dev/null";
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return {};
  std::string text;
  char part[4096];
  while (const std::size_t got = std::fread(part, 1, sizeof part, pipe)) text.append(part, got);
  return ::pclose(pipe) == 0 ? text : std::string();
}

/// Each finding, as `trama show` tells it where that is to be had.
inline void print(std::ostream& out, const std::vector<check_finding>& findings) {
  for (const check_finding& finding : findings) {
    const std::string shown = finding.trace.empty() ? std::string() : show(finding.trace);
    if (!shown.empty()) {
      out << shown;
      continue;
    }
    out << finding.code << (finding.detail.empty() ? "" : ": ") << finding.detail << "\n";
    if (!finding.trace.empty()) out << "see it: trama show " << finding.trace << "\n";
  }
}

/// A finding as the runtime hands it over.
struct received_finding {
  std::string code;
  std::string detail;
  std::string text;  ///< of its trace
};

/// A request for `function` with the bounds of `options`; what is found goes to `received`.
template <typename Function, typename Options>
trama_check_request request_for(Function& function, const Options& options,
                                std::vector<received_finding>& received) {
  trama_check_request request{};
  request.version = TRAMA_CHECK_ABI_VERSION;
  if constexpr (std::is_function_v<Function>) {  // `check(test)`: no object
    request.function = [](void* callable) { reinterpret_cast<Function*>(callable)(); };
    request.argument = reinterpret_cast<void*>(&function);
  } else {
    request.function = [](void* callable) { (*static_cast<Function*>(callable))(); };
    request.argument =
        const_cast<void*>(static_cast<const volatile void*>(std::addressof(function)));
  }
  request.name = options.name.c_str();
  request.executions = options.executions;
  request.seconds = options.seconds;
  request.max_steps = options.max_steps;
  request.on_trace = [](void* context, const char* code, const char* detail, const char* text,
                        std::uint64_t size) {
    static_cast<std::vector<received_finding>*>(context)->push_back(
        {code, detail, std::string(text, size)});
  };
  request.context = &received;
  return request;
}

}  // namespace detail

inline std::string check_result::text() const {
  std::ostringstream out;
  switch (verdict) {
    case verdict_kind::finding:
      out << "finding: in " << executions << " executions, seed " << seed;
      break;
    case verdict_kind::sampled:
      out << "sampled: " << executions << " executions, seed " << seed << ", none failed";
      break;
    case verdict_kind::incomplete:
      out << "incomplete: " << executions << " executions, seed " << seed << ", none failed";
      break;
    case verdict_kind::replayed:
      out << "replayed: the trace came to its end and nothing failed";
      break;
    case verdict_kind::diverged: out << "diverged: the program left the trace"; break;
    case verdict_kind::error: out << "error"; break;
  }
  if (!message.empty()) out << ": " << message;
  out << "\n";
  detail::print(out, findings);
  return out.str();
}

inline std::string verify_result::text() const {
  std::ostringstream out;
  switch (verdict) {
    case verdict_kind::finding: out << "finding: among "; break;
    case verdict_kind::verified: out << "verified: all "; break;
    case verdict_kind::incomplete: out << "incomplete: none failed in "; break;
    case verdict_kind::diverged: out << "diverged: after "; break;
    case verdict_kind::error: out << "error: after "; break;
  }
  out << complete << " executions";
  if (blocked != 0) out << " (and " << blocked << " that cannot end)";
  if (!model.empty()) out << ", memory model " << model;
  if (!message.empty()) out << ": " << message;
  out << "\n";
  detail::print(out, findings);
  return out.str();
}

/// Calls `function` under up to `options.executions` interleavings; stops at the first
/// finding (after a race: at its consequence, or when that search ends).
///
/// Errors of the call (an unknown strategy, a check within a check, a replay file that
/// cannot be read) are results with `verdict == error` and a message.
template <typename Function>
check_result check(Function&& function, const check_options& options = {}) {
  using Callable = std::remove_reference_t<Function>;
  check_result result;
  result.seed = options.seed;

  std::string replay;
  if (!options.replay.empty()) {
    std::ifstream file(options.replay, std::ios::binary);
    std::ostringstream content;
    content << file.rdbuf();
    if (!file) {
      result.message = "the trace " + options.replay + " cannot be read";
      return result;
    }
    replay = content.str();
  }

  std::vector<detail::received_finding> received;
  trama_check_request request = detail::request_for<Callable>(function, options, received);
  request.strategy = options.strategy.c_str();
  request.seed = options.seed;
  request.depth = options.depth;
  request.consequence = options.consequence;
  request.replay = options.replay.empty() ? nullptr : replay.c_str();
  request.model = options.model.c_str();

  trama_check_report report{};
  trama_check_run(&request, &report);

  result.verdict = static_cast<check_result::verdict_kind>(report.verdict);
  result.executions = report.executions;
  result.distinct = report.distinct;
  result.seconds = static_cast<double>(report.elapsed_ns) * 1e-9;
  result.message = report.message;
  for (const detail::received_finding& one : received) {
    check_finding finding{one.code, one.detail, options.replay};
    if (options.replay.empty()) {
      finding.trace = detail::write_trace(options.output, options.name, options.seed, one.code,
                                          one.text, result.message);
    }
    result.findings.push_back(std::move(finding));
  }
  return result;
}

/// Calls `function` once for each distinct execution that the memory model allows (which store
/// each load reads, in which order stores and locks follow one another), and stops at the first
/// one that fails. What is not under control (see trama doctor) makes no execution of its own.
///
/// Errors of the call are results with `verdict == error` and a message, as with check.
template <typename Function>
verify_result verify(Function&& function, const verify_options& options = {}) {
  using Callable = std::remove_reference_t<Function>;
  std::vector<detail::received_finding> received;
  trama_check_request request = detail::request_for<Callable>(function, options, received);
  request.model = options.model.c_str();
  request.every = 1;

  trama_check_report report{};
  trama_check_run(&request, &report);

  verify_result result;
  result.verdict = static_cast<verify_result::verdict_kind>(report.verdict);
  result.model = options.model;
  result.complete = report.complete;
  result.blocked = report.blocked;
  result.seconds = static_cast<double>(report.elapsed_ns) * 1e-9;
  result.message = report.message;
  for (const detail::received_finding& one : received) {
    result.findings.push_back(
        {one.code, one.detail,
         detail::write_trace(options.output, options.name, 0, one.code, one.text, result.message)});
  }
  return result;
}

}  // namespace trama
