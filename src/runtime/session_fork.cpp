#include "runtime/session_fork.hpp"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "base/check.hpp"
#include "runtime/child_process.hpp"
#include "runtime/engine.hpp"
#include "runtime/syscall.hpp"
#include "runtime/text.hpp"

namespace trama::runtime {
namespace {

/// What a child leaves for its parent. Pointers to constants of the code are the same in both.
struct Legacy {
  bool complete;
  ExecutionResult result;
  Failure failure;  // its detail is in `detail`
  RaceSeen race;
  char detail[512];
  int exit_status;
  std::uint64_t schedule_size;
  std::uint32_t place_count;
  std::uint64_t places[128];
  std::uint64_t granules[128];  // of the same races
};

Legacy& legacy() {
  static Legacy* shared = nullptr;
  if (shared == nullptr) {
    void* memory =
        mmap(nullptr, sizeof(Legacy), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    TRAMA_CHECK(memory != MAP_FAILED);
    shared = static_cast<Legacy*>(memory);
  }
  return *shared;
}

void leave_legacy(const ExecutionResult& result, const Schedule& schedule) {
  Legacy& left = legacy();
  const Engine& e = engine();
  left.result = result;
  left.failure.present = e.failure.present;
  left.failure.code = e.failure.code;
  left.failure.reason = e.failure.reason;
  left.failure.thread = e.failure.thread;
  left.failure.pc = e.failure.pc;
  left.failure.address = e.failure.address;
  const std::size_t size = e.failure.detail.size() < sizeof left.detail - 1
                               ? e.failure.detail.size()
                               : sizeof left.detail - 1;
  memcpy(left.detail, e.failure.detail.data(), size);
  left.detail[size] = '\0';
  left.race = e.first_race;
  left.exit_status = e.exit_status;
  left.schedule_size = schedule.size();
  left.place_count = 0;
  for (std::size_t i = 0; i < e.race_places.size() && i < 128; ++i) {
    left.places[i] = e.race_places[i];
    left.granules[i] = e.race_granules[i];
    ++left.place_count;
  }
  left.complete = true;
}

}  // namespace

ExecutionResult run_in_child(Schedule& schedule, ExecutionResult (*body)(void*), void* context) {
  Legacy& left = legacy();
  left.complete = false;
  const long child = raw_syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
  TRAMA_CHECK(child >= 0);
  if (child == 0) {
    const ExecutionResult result = body(context);
    end_children();
    leave_legacy(result, schedule);
    for (;;) raw_syscall(SYS_exit_group, 0);
  }
  int status = 0;
  while (raw_syscall(SYS_wait4, child, reinterpret_cast<long>(&status), 0, 0) == -4 /* EINTR */) {
  }
  Engine& e = engine();
  if (!left.complete) {
    // It ended without us: killed, or by a signal that was not ours.
    e.failure.present = true;
    e.failure.code = FindingCode::crash;
    e.failure.reason = "child-died";
    e.failure.detail = "signal ";
    append_number(e.failure.detail, static_cast<unsigned>(WTERMSIG(status)));
    e.failure.thread = kMainThread;
    ExecutionResult died;
    died.failed = true;
    return died;
  }
  e.failure.present = left.failure.present;
  e.failure.code = left.failure.code;
  e.failure.reason = left.failure.reason;
  e.failure.thread = left.failure.thread;
  e.failure.pc = left.failure.pc;
  e.failure.address = left.failure.address;
  e.failure.detail = left.detail;
  e.first_race = left.race;
  e.exit_status = left.exit_status;
  e.race_places.assign(left.places, left.places + left.place_count);
  e.race_granules.assign(left.granules, left.granules + left.place_count);
  if (schedule.capacity() != 0) schedule.resize(left.schedule_size);
  return left.result;
}

}  // namespace trama::runtime
