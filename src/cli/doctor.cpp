// trama doctor: is this machine ready, is this program, and what mends what is not; what of the
// program Trama sees, and whether the seed decides all of it.
#include <sys/auxv.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "base/check.hpp"
#include "cli/commands.hpp"
#include "cli/compiler.hpp"
#include "cli/doctor_report.hpp"
#include "cli/elf_check.hpp"
#include "cli/memory_file.hpp"
#include "cli/runtime_path.hpp"
#include "cli/session_input.hpp"
#include "cli/unseen.hpp"
#include "report/blind.hpp"
#include "report/describe.hpp"
#include "report/symbols.hpp"
#include "report/text_width.hpp"
#include "trace/format.hpp"
#include "trace/places.hpp"

namespace trama {
namespace {

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
    add(report_.machine, "fsgsbase", say(language_, Message::doctor_fsgsbase),
        (::getauxval(AT_HWCAP2) & kFsGsBase) != 0, Message::doctor_fsgsbase_mend, false);
    add(report_.machine, "aslr", say(language_, Message::doctor_aslr), randomisation_can_be_off(),
        Message::doctor_aslr_mend);
    add(report_.machine, "memfd", say(language_, Message::doctor_memfd),
        MemoryFile("trama-doctor").ok(), Message::doctor_memfd_mend);
    const Result<std::string> runtime = find_runtime(language_);
    add(report_.machine, "runtime",
        say(language_, Message::doctor_runtime, runtime ? runtime.value() : "libtsan.so.2"),
        runtime.ok(), Message::doctor_runtime_mend);
    const std::vector<std::string> compiler = compiler_command();
    add(report_.machine, "compiler", say(language_, Message::doctor_compiler, compiler.front()),
        compiler_works(compiler), Message::doctor_compiler_mend);
  }

  void check_program_file(const std::string& name) {
    report_.name = name;
    const std::string path = find_program(name);
    const Result<ElfFacts> facts = check_program(path, name, language_);
    report_.program.push_back({"program", say(language_, Message::doctor_program, name), facts.ok(),
                               true, facts ? "" : facts.error().message});
    if (!facts) return;
    add(report_.program, "debug-info", say(language_, Message::doctor_debug, name),
        facts.value().debug_info, Message::doctor_debug_mend, false);
    if (report_.ready()) examine(path, name);
  }

  /// 2 where something required is missing, 4 where the seed does not decide all.
  [[nodiscard]] int exit_code() const {
    if (!report_.ready() || run_failed_) return kExitUsage;
    return report_.examined && !report_.same_seed.ok ? kExitDiverged : kExitNothingFound;
  }

  void print() const { print_doctor(report_, invocation_); }

 private:
  void add(std::vector<DoctorCheck>& checks, const std::string& key, const std::string& what,
           bool ok, Message mend, bool required = true) {
    checks.push_back({key, what, ok, required, ok ? "" : say(language_, mend)});
  }

  void examine(const std::string& path, const std::string& name) {
    report_.examined = true;
    ProgramScan scan(path);
    Options options;
    options.executions = 1;
    options.consequence = 0;
    LaunchRequest request;
    request.path = path;
    request.name = name;
    request.arguments.assign(invocation_.operands.begin() + 1, invocation_.operands.end());
    request.input = session_input(options, true);
    request.language = language_;
    const Result<LaunchOutcome> first = launch(request);
    const Result<LaunchOutcome> second = launch(request);
    const Result<std::string> runtime = find_runtime(language_);
    report_.inventory = take_inventory(path, runtime ? runtime.value() : "", scan);
    if (first) {
      SessionReport session = read_outcome(invocation_, first.value(), request);
      add_unseen(scan, first.value().modules, session.summary);
      report_.blind = std::move(session.summary.blind);
      report_.modules = first.value().modules;
    }
    DoctorCheck& check = report_.same_seed;
    check = {"same-seed", say(language_, Message::doctor_same), false, false, {}};
    if (!first || !second) {
      run_failed(check, (first ? second : first).error().message);
    } else {
      compare(first.value(), second.value(), check);
    }
  }

  void run_failed(DoctorCheck& check, const std::string& why) {
    run_failed_ = true;
    check.mend = say(language_, Message::doctor_run_failed, why);
  }

  void compare(const LaunchOutcome& a, const LaunchOutcome& b, DoctorCheck& check) {
    if (a.traces.empty() || a.verdict == SessionVerdict::none) {
      return run_failed(check, a.message.empty() ? last_line(a.captured) : a.message);
    }
    const std::string& one = a.traces;
    const std::string& two = b.traces;
    check.ok = one == two;
    if (check.ok) return;
    check.mend = say(language_, Message::doctor_same_mend, difference(one, two), cause());
  }

  /// Where two traces part: at a step, or, where all steps are the same, in what they hold.
  [[nodiscard]] std::string difference(const std::string& one, const std::string& two) const {
    Result<Trace> a = read_trace(one);
    Result<Trace> b = read_trace(two);
    if (!a || !b) return "?";
    Resolver resolver;
    resolver.resolve(a.value());
    resolver.resolve(b.value());
    const std::size_t count = std::max(a.value().steps.size(), b.value().steps.size());
    for (std::size_t i = 0; i < count; ++i) {
      const std::string in_a = step_text(a.value(), i);
      const std::string in_b = step_text(b.value(), i);
      if (in_a != in_b) return say(language_, Message::doctor_differ_step, i, in_a, in_b);
    }
    const auto differs = std::mismatch(one.begin(), one.end(), two.begin(), two.end()).first;
    const auto at = static_cast<std::size_t>(differs - one.begin());
    return fmt::format("`{}`, `{}`", line_around(one, at), line_around(two, at));
  }

  [[nodiscard]] std::string step_text(const Trace& trace, std::size_t index) const {
    if (index >= trace.steps.size()) {
      return std::string(text_of(Message::doctor_differ_end, language_));
    }
    const TraceStep& step = trace.steps[index];
    const std::string place = place_text(trace, step.place, step.stack);
    return fmt::format("{} {}{}{}", thread_name(trace, step.event.thread),
                       to_text(step.event.operation), place.empty() ? "" : " ", place);
  }

  /// The line of a text that holds an offset.
  static std::string line_around(const std::string& text, std::size_t at) {
    at = std::min(at, text.size());
    const std::size_t before = at == 0 ? std::string::npos : text.rfind('\n', at - 1);
    const std::size_t begin = before == std::string::npos ? 0 : before + 1;
    return printable(text.substr(begin, text.find('\n', begin) - begin));
  }

  /// What is known to vary, the likeliest first.
  [[nodiscard]] std::string cause() const {
    for (const BlindCall& call : report_.blind) {
      if (call.kind == BlindKind::call) return call.symbol;
    }
    if (!report_.inventory.varying.empty()) {
      const Varying& first = report_.inventory.varying.front();
      const std::string place = blind_place(first.place);
      return place.empty() ? first.what : fmt::format("{} ({})", first.what, place);
    }
    if (!report_.blind.empty()) return report_.blind.front().symbol;
    return std::string(text_of(Message::doctor_cause_unknown, language_));
  }

  const Invocation& invocation_;
  Language language_;
  DoctorReport report_;
  bool run_failed_ = false;
};

}  // namespace

int command_doctor(const Invocation& invocation) {
  Doctor doctor(invocation);
  doctor.check_machine();
  if (!invocation.operands.empty()) doctor.check_program_file(invocation.operands.front());
  doctor.print();
  return doctor.exit_code();
}

}  // namespace trama
