#include "cli/launch.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>

#include "cli/interrupt.hpp"
#include "cli/memory_file.hpp"
#include "cli/runtime_path.hpp"
#include "cli/standard_input.hpp"

namespace trama {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kTickMs = 100;
constexpr std::chrono::seconds kGrace{5};
/// So long may static objects be under construction outside control.
constexpr auto kUntilMainMax = std::chrono::seconds(60);
constexpr int kLoaderFailed = 127;  // exit status of ld.so
constexpr long kCapturedMax = 4096;

/// The shared block, mapped here as well as in the program.
class Control {
 public:
  Control() : file_("trama-control") {
    if (!file_.ok() || ::ftruncate(file_.descriptor(), sizeof(ControlBlock)) != 0) return;
    void* memory = ::mmap(nullptr, sizeof(ControlBlock), PROT_READ | PROT_WRITE, MAP_SHARED,
                          file_.descriptor(), 0);
    if (memory != MAP_FAILED) block_ = new (memory) ControlBlock;
  }
  ~Control() {
    if (block_ != nullptr) ::munmap(block_, sizeof(ControlBlock));
  }
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

  [[nodiscard]] bool ok() const { return block_ != nullptr; }
  ControlBlock& operator*() const { return *block_; }
  ControlBlock* operator->() const { return block_; }
  [[nodiscard]] int descriptor() const { return file_.descriptor(); }

 private:
  MemoryFile file_;
  ControlBlock* block_ = nullptr;
};

/// A text in shared memory that its writer may have left without an end.
template <std::size_t size>
std::string text_in(const char (&field)[size]) {
  return {field, ::strnlen(field, size)};
}

std::vector<LoadedModule> read_modules(std::string_view text) {
  std::vector<LoadedModule> modules;
  for (;;) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos || end == 0) return modules;
    modules.push_back({std::string(text.substr(1, end - 1)), text.front() == '+'});
    text.remove_prefix(end + 1);
  }
}

class Launch {
 public:
  Launch(const LaunchRequest& request, std::string runtime)
      : request_(request), runtime_(std::move(runtime)) {}

  Result<LaunchOutcome> run() {
    if (const Error* error = prepare()) return *error;
    const InterruptGuard guard;
    const int child_errno = start();
    if (child_errno != 0) {
      return Error{
          say(request_.language, Message::error_start, request_.name, std::strerror(child_errno))};
    }
    wait();
    if (ended_before_main()) {
      // A static object ended it, or crashed: its executions shall begin with these.
      environment_.push_back(fmt::format("{}=1", kLateStaticsVariable));
      late_ = true;
      if (stdin_.ok()) stdin_.rewind();
      const int second_errno = start();
      if (second_errno == 0) wait();
    }
    return outcome();
  }

 private:
  /// The runtime says at main which files are loaded.
  [[nodiscard]] bool began() const { return control_->modules[0] != '\0'; }
  [[nodiscard]] bool ended_before_main() const {
    const bool by_loader = WIFEXITED(wait_status_) && WEXITSTATUS(wait_status_) == kLoaderFailed;
    return !began() && !by_loader && InterruptGuard::count() == 0 && control_->verdict.load() == 0;
  }

  const Error* fail(Message message, int number) {
    error_.message = say(request_.language, message, std::strerror(number));
    return &error_;
  }

  const Error* prepare() {
    if (!control_.ok()) return fail(Message::error_memfd, errno);
    input_ = MemoryFile("trama-input");
    output_ = MemoryFile("trama-output");
    state_ = MemoryFile("trama-state");
    if (!input_.ok() || !output_.ok() || !state_.ok()) return fail(Message::error_memfd, errno);
    if (!input_.append(request_.input) || !input_.rewind())
      return fail(Message::error_memfd, errno);
    if (!state_.append(request_.state) || !state_.rewind())
      return fail(Message::error_memfd, errno);
    if (request_.capture || ::isatty(STDIN_FILENO) == 0) {
      Result<MemoryFile> copy = copy_standard_input(request_.language);
      if (!copy) {
        error_ = copy.error();
        return &error_;
      }
      stdin_ = std::move(copy.value());
    }
    if (request_.capture) {
      captured_ = MemoryFile("trama-captured");
      if (!captured_.ok()) return fail(Message::error_memfd, errno);
    }
    prepare_environment();
    return nullptr;
  }

  void prepare_environment() {
    std::string preload = runtime_;
    if (preload.find_first_of(": ") != std::string::npos) {
      // LD_PRELOAD cannot quote; a descriptor has a name without blanks.
      const int descriptor = ::open(runtime_.c_str(), O_RDONLY);
      preload = fmt::format("/proc/self/fd/{}", descriptor);
    }
    for (char** at = environ; *at != nullptr; ++at) {
      const std::string_view entry = *at;
      if (entry.starts_with(kSessionVariable) &&
          entry.substr(sizeof kSessionVariable - 1, 1) == "=") {
        continue;
      }
      if (entry.starts_with("LD_BIND_NOW=")) continue;
      constexpr std::string_view kPreload = "LD_PRELOAD=";
      if (entry.starts_with(kPreload)) {
        if (entry.size() > kPreload.size())
          preload += ':' + std::string(entry.substr(kPreload.size()));
        continue;
      }
      environment_.emplace_back(entry);
    }
    environment_.push_back("LD_PRELOAD=" + preload);
    // Symbols bound once, not again in every execution that is rewound to before.
    environment_.emplace_back("LD_BIND_NOW=1");
    environment_.push_back(fmt::format("{}={},{},{},{}", kSessionVariable, control_.descriptor(),
                                       input_.descriptor(), output_.descriptor(),
                                       state_.descriptor()));
  }

  static std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (std::string& text : texts) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
  }

  /// Forks and executes; errno of the execution if that failed.
  int start() {
    std::vector<std::string> words{request_.name};
    words.insert(words.end(), request_.arguments.begin(), request_.arguments.end());
    const std::vector<char*> argv = pointers(words);
    const std::vector<char*> envp = pointers(environment_);
    int report[2];
    if (::pipe2(report, O_CLOEXEC) != 0) return errno;
    std::fflush(nullptr);
    const pid_t parent = ::getpid();
    child_ = ::fork();
    if (child_ < 0) return errno;
    if (child_ == 0) {
      become_program(parent, argv.data(), envp.data());
      const int number = errno;
      [[maybe_unused]] auto ignored = ::write(report[1], &number, sizeof number);
      ::_exit(127);
    }
    if (request_.capture) ::setpgid(child_, child_);  // in both, whoever comes first
    ::close(report[1]);
    int number = 0;
    ssize_t count = 0;
    do {
      count = ::read(report[0], &number, sizeof number);
    } while (count < 0 && errno == EINTR);
    ::close(report[0]);
    if (count <= 0) return 0;
    ::waitpid(child_, nullptr, 0);
    return number;
  }

  /// In the child: only async-signal-safe calls.
  void become_program(pid_t parent, char* const* argv, char* const* envp) const {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);
    if (request_.capture) {
      ::setpgid(0, 0);
      ::dup2(captured_.descriptor(), STDOUT_FILENO);
      ::dup2(captured_.descriptor(), STDERR_FILENO);
      ::close(captured_.descriptor());
    } else if (request_.output_to_stderr) {
      ::dup2(STDERR_FILENO, STDOUT_FILENO);
    }
    if (stdin_.ok()) {
      ::dup2(stdin_.descriptor(), STDIN_FILENO);
      ::close(stdin_.descriptor());
    }
    struct sigaction normal {};
    normal.sa_handler = SIG_DFL;
    ::sigaction(SIGINT, &normal, nullptr);
    ::sigaction(SIGTERM, &normal, nullptr);
    ::sigaction(SIGXFSZ, &normal, nullptr);
    ::sigaction(SIGPIPE, &normal, nullptr);  // which the command line ignores for itself
    // Where the kernel refuses this, addresses differ from run to run; doctor says so.
    ::personality(ADDR_NO_RANDOMIZE);
    ::execve(request_.path.c_str(), argv, envp);
  }

  void wait() {
    const int handle = static_cast<int>(::syscall(SYS_pidfd_open, child_, 0));
    Clock::time_point deadline = Clock::time_point::max();
    const Clock::time_point main_deadline = Clock::now() + kUntilMainMax;
    while (::waitpid(child_, &wait_status_, WNOHANG) == 0) {
      pollfd ended{.fd = handle, .events = POLLIN, .revents = 0};
      // Without a handle (old kernel) poll only sleeps, hence the short step.
      const int ready = ::poll(&ended, handle < 0 ? 0 : 1, handle < 0 ? 10 : kTickMs);
      if (InterruptGuard::count() > 0 && deadline == Clock::time_point::max()) {
        control_->stop_requested.store(1);
        deadline = Clock::now() + kGrace;
      }
      if (InterruptGuard::count() > 1 || Clock::now() > deadline) kill_program();
      if (!late_ && !began() && Clock::now() > main_deadline) kill_program();
      if (ready == 0 && request_.tick) request_.tick(*control_);
    }
    if (handle >= 0) ::close(handle);
    // What the program left running in its group goes with it.
    if (request_.capture) ::kill(-child_, SIGKILL);
  }

  void kill_program() const { ::kill(request_.capture ? -child_ : child_, SIGKILL); }

  LaunchOutcome outcome() {
    LaunchOutcome result;
    const std::uint32_t verdict = control_->verdict.load();
    result.verdict = verdict <= static_cast<std::uint32_t>(SessionVerdict::verified)
                         ? static_cast<SessionVerdict>(verdict)
                         : SessionVerdict::none;
    result.executions = control_->executions.load();
    result.steps = control_->steps.load();
    result.distinct = control_->distinct.load();
    result.step_limited = control_->step_limited.load();
    result.complete = control_->complete.load();
    result.blocked = control_->blocked.load();
    result.cut = control_->cut.load();
    result.pruned = control_->pruned.load();
    result.explored = control_->explored.load();
    result.estimate = control_->estimate.load();
    result.elapsed_ns = control_->elapsed_ns.load();
    result.heartbeat = control_->heartbeat.load();
    result.forked = control_->isolation == 1;
    result.isolation_reason = text_in(control_->isolation_reason);
    result.message = text_in(control_->message);
    result.blind = text_in(control_->blind);
    result.modules = read_modules(text_in(control_->modules));
    result.traces = output_.content();
    if (result.verdict == SessionVerdict::incomplete) result.state = state_.content();
    if (captured_.ok())
      result.captured = captured_.content(std::max(0L, captured_.size() - kCapturedMax));
    result.wait_status = wait_status_;
    result.stopped = InterruptGuard::count() > 0;
    return result;
  }

  const LaunchRequest& request_;
  std::string runtime_;
  Control control_;
  MemoryFile input_;
  MemoryFile output_;
  MemoryFile state_;
  MemoryFile stdin_;
  MemoryFile captured_;
  std::vector<std::string> environment_;
  pid_t child_ = -1;
  int wait_status_ = 0;
  bool late_ = false;  // static objects are constructed by each execution
  Error error_;
};

}  // namespace

Result<LaunchOutcome> launch(const LaunchRequest& request) {
  Result<std::string> runtime = find_runtime(request.language);
  if (!runtime) return runtime.error();
  return Launch(request, std::move(runtime.value())).run();
}

}  // namespace trama
