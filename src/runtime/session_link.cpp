#include "runtime/session_link.hpp"

#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/check.hpp"
#include "runtime/engine.hpp"
#include "runtime/modules.hpp"
#include "runtime/output.hpp"
#include "runtime/rewind.hpp"
#include "runtime/signals.hpp"
#include "runtime/syscall.hpp"
#include "runtime/text.hpp"
#include "trace/format.hpp"

namespace trama::runtime {
namespace {

ControlBlock* g_control = nullptr;
std::uint64_t g_started_ns = 0;
std::uint64_t g_time_limit_ns = 0;
volatile bool g_time_up = false;

std::uint64_t wall_ns() {
  timespec now = {};
  raw_syscall(SYS_clock_gettime, CLOCK_MONOTONIC, reinterpret_cast<long>(&now));
  return static_cast<std::uint64_t>(now.tv_sec) * 1000000000U +
         static_cast<std::uint64_t>(now.tv_nsec);
}

/// Four times a second, in a signal handler.
void tick() {
  const std::uint64_t elapsed = wall_ns() - g_started_ns;
  g_control->elapsed_ns.store(elapsed, std::memory_order_relaxed);
  g_control->heartbeat.fetch_add(1, std::memory_order_relaxed);
  if (g_time_limit_ns != 0 && elapsed >= g_time_limit_ns) g_time_up = true;
  const bool stop = g_time_up || g_control->stop_requested.load(std::memory_order_relaxed) != 0;
  if (stop && g_active) scheduler().request_stop();
}

int take_number(const char*& text) {
  int value = 0;
  while (*text >= '0' && *text <= '9') value = value * 10 + (*text++ - '0');
  if (*text == ',') ++text;
  return value;
}

/// Moves a descriptor of ours out of the program's way.
int move_high(int descriptor) {
  const int high = keep_own(descriptor);
  TRAMA_CHECK(high >= kOwnDescriptors);
  raw_syscall(SYS_close, descriptor);
  return high;
}

/// LD_PRELOAD without this library; children of the program start without us.
void clean_environment() {
  const char* preload = getenv("LD_PRELOAD");
  if (preload != nullptr) {
    std::string kept;
    std::string_view rest(preload);
    while (!rest.empty()) {
      const std::size_t end = rest.find_first_of(": ");
      const std::string_view item = rest.substr(0, end);
      if (item.find("libtsan.so.2") == std::string_view::npos && !item.empty()) {
        if (!kept.empty()) kept += ':';
        kept += item;
      }
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    if (kept.empty()) {
      unsetenv("LD_PRELOAD");
    } else {
      setenv("LD_PRELOAD", kept.c_str(), 1);
    }
  }
  unsetenv("LD_BIND_NOW");
  unsetenv(kSessionVariable);
  unsetenv(kLateStaticsVariable);
}

std::string content_of(int descriptor) {
  std::string text;
  char part[4096];
  for (long offset = 0;;) {
    const long got =
        raw_syscall(SYS_pread64, descriptor, reinterpret_cast<long>(part), sizeof part, offset);
    if (got <= 0) return text;
    text.append(part, static_cast<std::size_t>(got));
    offset += got;
  }
}

void tell_modules(ControlBlock& control) {
  std::size_t used = 0;
  for (const Module& module : modules()) {
    const std::string& path = module.description.path;
    if (used + path.size() + 3 > sizeof control.modules) return;
    control.modules[used++] = module.description.instrumented ? '+' : '-';
    memcpy(control.modules + used, path.data(), path.size());
    used += path.size();
    control.modules[used++] = '\n';
  }
}

}  // namespace

Link::Link() {
  const char* text = getenv(kSessionVariable);
  TRAMA_CHECK(text != nullptr);
  const int control = take_number(text);
  const int input = take_number(text);
  const int output = take_number(text);
  const int state = take_number(text);
  void* mapped =
      mmap(nullptr, sizeof(ControlBlock), PROT_READ | PROT_WRITE, MAP_SHARED, control, 0);
  TRAMA_CHECK(mapped != MAP_FAILED);
  control_ = static_cast<ControlBlock*>(mapped);
  TRAMA_CHECK(control_->magic == kControlMagic);
  g_control = control_;
  set_blind_list(control_->blind, sizeof control_->blind);
  tell_modules(*control_);
  raw_syscall(SYS_close, control);
  output_ = move_high(output);
  if (state > 2) state_ = move_high(state);
  void* shared =
      mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  TRAMA_CHECK(shared != MAP_FAILED);
  shared_ = static_cast<Shared*>(shared);
  read_input(input);
  raw_syscall(SYS_close, input);
  clean_environment();
  program_ = modules()[0].description.path;
  for (int descriptor = 0; descriptor <= 2; ++descriptor) {
    note_captured(descriptor, raw_syscall(SYS_fcntl, descriptor, F_GET_SEALS) >= 0);
  }
  struct termios terminal;
  input_is_terminal_ = raw_syscall(SYS_ioctl, 0, TCGETS, reinterpret_cast<long>(&terminal)) == 0;
  g_started_ns = wall_ns();
  g_time_limit_ns = options_.time_s * 1000000000U;
  g_on_tick = &tick;
}

void Link::read_input(int descriptor) {
  const std::string text = content_of(descriptor);
  std::string_view rest(text);
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (line == "---") {
      Result<Trace> trace = read_trace(rest);
      if (!trace.ok()) fail("the trace cannot be read: %s", trace.error().message.c_str());
      trace_ = static_cast<Trace&&>(trace.value());
      replaying_ = true;
      break;
    }
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = line.substr(0, equals);
    const std::string_view value = line.substr(equals + 1);
    if (name == "record") {
      record_ = value == "1";
    } else if (!set_option(options_, name, value)) {
      fail("the runtime does not know the option %s", std::string(line).c_str());
    }
  }
}

bool Link::should_stop() const {
  return g_time_up || control_->stop_requested.load(std::memory_order_relaxed) != 0;
}

void Link::tell_progress(const HuntProgress& progress) {
  const auto relaxed = std::memory_order_relaxed;
  control_->executions.store(progress.execution_count, relaxed);
  control_->steps.store(progress.step_count, relaxed);
  control_->step_limited.store(progress.step_limited_count, relaxed);
  control_->findings.store(progress.finding_count, relaxed);
  control_->consequence_runs.store(progress.consequence_count, relaxed);
  if (progress.execution_count % 256 == 0 || progress.execution_count < 16) {
    control_->distinct.store(progress.distinct.estimate(), relaxed);
  }
}

void Link::tell_tally(const Tally& tally) {
  const auto relaxed = std::memory_order_relaxed;
  control_->executions.store(tally.executions, relaxed);
  control_->steps.store(tally.steps, relaxed);
  control_->step_limited.store(tally.step_limited, relaxed);
  control_->complete.store(tally.complete, relaxed);
  control_->blocked.store(tally.blocked, relaxed);
  control_->cut.store(tally.cut, relaxed);
  control_->pruned.store(tally.pruned, relaxed);
  control_->explored.store(tally.tree().explored(), relaxed);
  control_->estimate.store(tally.tree().total(), relaxed);
}

void Link::tell_exit_status(int status) {
  control_->exit_status.store(static_cast<std::uint32_t>(status));
}

void Link::tell_isolation(const char* reason) {
  control_->isolation = 1;
  strncpy(control_->isolation_reason, reason, sizeof control_->isolation_reason - 1);
}

void Link::tell_message(std::string_view message) {
  const std::size_t size =
      message.size() < sizeof control_->message ? message.size() : sizeof control_->message - 1;
  memcpy(control_->message, message.data(), size);
  control_->message[size] = '\0';
}

void Link::tell_verdict(SessionVerdict verdict) {
  control_->verdict.store(static_cast<std::uint32_t>(verdict), std::memory_order_release);
}

bool Link::write_all(int descriptor, std::string_view bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const long put = raw_syscall(SYS_write, descriptor, reinterpret_cast<long>(bytes.data() + done),
                                 static_cast<long>(bytes.size() - done));
    if (put <= 0) return false;
    done += static_cast<std::size_t>(put);
  }
  return true;
}

void Link::write_output(const std::string& text) {
  if (!write_all(output_, text)) fail("the trace could not be handed over%s", "");
}

std::string Link::take_state() {
  if (state_ < 0) return {};
  std::string bytes = content_of(state_);
  raw_syscall(SYS_ftruncate, state_, 0);
  // Several processes write here: without this, at the same place of a memory file.
  raw_syscall(SYS_fcntl, state_, F_SETFL, O_RDWR | O_APPEND);
  return bytes;
}

void Link::write_state(std::string_view bytes) {
  if (state_ >= 0 && !write_all(state_, bytes)) {
    fail("the checkpoint could not be handed over%s", "");
  }
}

bool Link::failed() const {
  return control_->verdict.load() == static_cast<std::uint32_t>(SessionVerdict::error);
}

void Link::add_race_place(std::uint64_t pc) {
  if (shared_->place_count < 64) shared_->places[shared_->place_count++] = pc;
}

std::vector<std::uint64_t> Link::take_race_places() {
  std::vector<std::uint64_t> places(shared_->places, shared_->places + shared_->place_count);
  shared_->place_count = 0;
  return places;
}

void Link::end(SessionVerdict verdict) {
  tell_verdict(verdict);
  finish();
}

void Link::finish() {
  control_->elapsed_ns.store(wall_ns() - g_started_ns, std::memory_order_relaxed);
  for (;;) raw_syscall(SYS_exit_group, 0);
}

void Link::fail(const char* format, const char* what) {
  std::string message;
  for (const char* at = format; *at != '\0'; ++at) {
    if (at[0] == '%' && at[1] == 's') {
      message += what;
      ++at;
    } else {
      message += *at;
    }
  }
  tell_message(message);
  end(SessionVerdict::error);
}

}  // namespace trama::runtime
