// trama doctor: is this machine ready, is this program, and what mends what is not.
#include <sys/auxv.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/check.hpp"
#include "cli/commands.hpp"
#include "cli/compiler.hpp"
#include "cli/elf_check.hpp"
#include "cli/memory_file.hpp"
#include "cli/runtime_path.hpp"
#include "cli/screen.hpp"
#include "cli/session_input.hpp"

namespace trama {
namespace {

struct Check {
  std::string key;  ///< stable, for JSON
  std::string what;
  bool ok = false;
  bool required = true;
  std::string mend;
};

/// Tried in a child: the setting is for a whole process.
bool randomisation_can_be_off() {
  const pid_t child = ::fork();
  if (child < 0) return false;
  if (child == 0) ::_exit(::personality(ADDR_NO_RANDOMIZE) == -1 ? 1 : 0);
  int status = 0;
  return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// Compiles and links an empty program with the sanitizer.
bool compiler_works(const std::vector<std::string>& compiler) {
  const MemoryFile source("trama-source");
  if (!source.ok() || !source.append("int main() { return 0; }\n")) return false;
  std::vector<std::string> command = compiler;
  for (const char* argument : {"-fsanitize=thread", "-x", "c++", "-o", "/dev/null"}) {
    command.emplace_back(argument);
  }
  command.push_back(fmt::format("/proc/{}/fd/{}", ::getpid(), source.descriptor()));
  return run_process(command).status == 0;
}

class Doctor {
 public:
  explicit Doctor(const Invocation& invocation)
      : invocation_(invocation), language_(invocation.language) {}

  void check_machine() {
    constexpr unsigned long kFsGsBase = 1UL << 1U;  // AT_HWCAP2, Linux 5.9
    add("fsgsbase", say(language_, Message::doctor_fsgsbase),
        (::getauxval(AT_HWCAP2) & kFsGsBase) != 0, Message::doctor_fsgsbase_mend, false);
    add("aslr", say(language_, Message::doctor_aslr), randomisation_can_be_off(),
        Message::doctor_aslr_mend);
    add("memfd", say(language_, Message::doctor_memfd), MemoryFile("trama-doctor").ok(),
        Message::doctor_memfd_mend);
    const Result<std::string> runtime = find_runtime(language_);
    add("runtime",
        say(language_, Message::doctor_runtime, runtime ? runtime.value() : "libtsan.so.2"),
        runtime.ok(), Message::doctor_runtime_mend);
    const std::vector<std::string> compiler = compiler_command();
    add("compiler", say(language_, Message::doctor_compiler, compiler.front()),
        compiler_works(compiler), Message::doctor_compiler_mend);
  }

  void check_program_file(const std::string& name) {
    const std::string path = find_program(name);
    const Result<ElfFacts> facts = check_program(path, name, language_);
    checks_.push_back({"program", say(language_, Message::doctor_program, name), facts.ok(), true,
                       facts ? "" : facts.error().message});
    if (!facts) return;
    add("debug-info", say(language_, Message::doctor_debug, name), facts.value().debug_info,
        Message::doctor_debug_mend, false);
    if (all_ok()) check_sameness(path, name);
  }

  [[nodiscard]] bool all_ok() const {
    return std::all_of(checks_.begin(), checks_.end(),
                       [](const Check& check) { return check.ok || !check.required; });
  }

  void print() const { invocation_.json ? print_json() : print_text(); }

 private:
  void add(const std::string& key, const std::string& what, bool ok, Message mend,
           bool required = true) {
    checks_.push_back({key, what, ok, required, ok ? "" : say(language_, mend)});
  }

  /// One recorded execution of the program.
  Result<LaunchOutcome> record(const std::string& path, const std::string& name) {
    Options options;
    options.executions = 1;
    options.consequence = 0;
    LaunchRequest request;
    request.path = path;
    request.name = name;
    request.arguments.assign(invocation_.operands.begin() + 1, invocation_.operands.end());
    request.input = session_input(options, true);
    request.language = language_;
    return launch(request);
  }

  void check_sameness(const std::string& path, const std::string& name) {
    Check check{"same-seed", say(language_, Message::doctor_same), false, true, {}};
    const Result<LaunchOutcome> first = record(path, name);
    const Result<LaunchOutcome> second = record(path, name);
    if (!first || !second) {
      check.mend =
          say(language_, Message::doctor_run_failed, (first ? second : first).error().message);
    } else {
      compare(first.value(), second.value(), check);
    }
    checks_.push_back(std::move(check));
  }

  void compare(const LaunchOutcome& a, const LaunchOutcome& b, Check& check) const {
    if (a.traces.empty() || a.verdict == SessionVerdict::none) {
      const std::string message = a.message.empty() ? last_line(a.captured) : a.message;
      check.mend = say(language_, Message::doctor_run_failed, message);
      return;
    }
    const std::string& one = a.traces;
    const std::string& two = b.traces;
    check.ok = one == two;
    if (check.ok) return;
    const auto differs = std::mismatch(one.begin(), one.end(), two.begin(), two.end()).first;
    const auto line = std::count(one.begin(), differs, '\n') + 1;
    const std::size_t at = static_cast<std::size_t>(differs - one.begin());
    const std::size_t before = at == 0 ? std::string::npos : one.rfind('\n', at - 1);
    const std::size_t begin = before == std::string::npos ? 0 : before + 1;
    const std::string text = one.substr(begin, one.find('\n', begin) - begin);
    check.mend = say(language_, Message::doctor_same_mend, line, text);
  }

  void print_text() const {
    const TextStyle style = style_for(invocation_, STDOUT_FILENO);
    for (const Check& check : checks_) {
      const std::string_view word =
          text_of(check.ok ? Message::doctor_ok : Message::doctor_missing, language_);
      const std::string padded = fmt::format("{:<8}", word);
      fmt::print("{} {}\n", paint(style, check.ok ? Paint::good : Paint::alarm, padded),
                 check.what);
      if (!check.mend.empty()) {
        fmt::print("         {}\n", say(language_, Message::doctor_mend, check.mend));
      }
    }
  }

  void print_json() const {
    nlohmann::ordered_json json;
    json["command"] = "doctor";
    json["ready"] = all_ok();
    json["checks"] = nlohmann::ordered_json::array();
    for (const Check& check : checks_) {
      json["checks"].push_back({{"check", check.key},
                                {"ok", check.ok},
                                {"required", check.required},
                                {"text", check.what},
                                {"mend", check.mend}});
    }
    fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  }

  const Invocation& invocation_;
  Language language_;
  std::vector<Check> checks_;
};

}  // namespace

int command_doctor(const Invocation& invocation) {
  Doctor doctor(invocation);
  doctor.check_machine();
  if (!invocation.operands.empty()) doctor.check_program_file(invocation.operands.front());
  doctor.print();
  return doctor.all_ok() ? kExitNothingFound : kExitUsage;
}

}  // namespace trama
