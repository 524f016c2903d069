// The ways a process ends: exit, _exit, abort, a failed assert, std::terminate.
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstring>
#include <vector>

#include "runtime/child_process.hpp"
#include "runtime/engine.hpp"
#include "runtime/exceptions.hpp"
#include "runtime/exit_handlers.hpp"
#include "runtime/leaks.hpp"
#include "runtime/modules.hpp"
#include "runtime/real.hpp"
#include "runtime/signal_state.hpp"
#include "runtime/syscall.hpp"
#include "runtime/tasks.hpp"
#include "runtime/text.hpp"
#include "runtime/thread_end.hpp"
#include "trace/session.hpp"

namespace trama::runtime {
namespace {

struct Handler {
  void (*function)(void*);
  void (*with_status)(int, void*);
  void* argument;
};

/// Registered from the start of the process: static objects of the program register theirs
/// before main. Null until the first, and in processes that are not under control as a whole.
std::vector<Handler>* g_handlers = nullptr;
std::vector<Handler>* g_handlers_at_start = nullptr;
bool g_exiting = false;
/// Where the program's frames begin while it is in exit(); 0 where main returned.
std::uint64_t g_stack_at_exit = 0;

bool ours() {
  static const bool session = getenv(kSessionVariable) != nullptr;
  return session || (g_started && engine().session);
}

int add(const Handler& handler) {
  if (g_handlers == nullptr) g_handlers = new std::vector<Handler>;
  g_handlers->push_back(handler);
  return 0;
}

/// Functions marked __attribute__((destructor)) in the program itself.
void run_program_destructors() {
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void*) {
        for (unsigned i = 0; i < info->dlpi_phnum; ++i) {
          if (info->dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
          const auto* entry =
              reinterpret_cast<const ElfW(Dyn)*>(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
          std::uint64_t array = 0;
          std::uint64_t bytes = 0;
          for (; entry->d_tag != DT_NULL; ++entry) {
            if (entry->d_tag == DT_FINI_ARRAY) array = info->dlpi_addr + entry->d_un.d_ptr;
            if (entry->d_tag == DT_FINI_ARRAYSZ) bytes = entry->d_un.d_val;
          }
          auto** functions = reinterpret_cast<void (**)()>(array);
          for (std::uint64_t k = bytes / sizeof(void*); k-- > 0;) functions[k]();
        }
        return 1;  // the first is the program
      },
      nullptr);
}

[[noreturn]] void end_with(int status, std::uint64_t pc) {
  engine().exit_status = status & 0xff;
  if ((status & 0xff) != 0) {
    std::string detail;
    append_number(detail, static_cast<unsigned>(status) & 0xffU);
    fail(FindingCode::exit_status, "exit-status", pc, static_cast<std::string&&>(detail));
  }
  fail_on_forgotten(pc);
  scheduler().end(EndReason::finished);
  leave();
}

}  // namespace

void snapshot_exit_handlers() {
  if (g_handlers == nullptr) g_handlers = new std::vector<Handler>;
  if (g_handlers_at_start == nullptr) g_handlers_at_start = new std::vector<Handler>;
  *g_handlers_at_start = *g_handlers;
}

void restore_exit_handlers() {
  g_handlers->assign(g_handlers_at_start->begin(), g_handlers_at_start->end());
  g_exiting = false;
  g_stack_at_exit = 0;
}

namespace {

void run_exit_handlers(int status) {
  while (g_handlers != nullptr && !g_handlers->empty()) {
    const Handler handler = g_handlers->back();
    g_handlers->pop_back();
    if (handler.with_status != nullptr) {
      handler.with_status(status, handler.argument);
    } else {
      handler.function(handler.argument);
    }
  }
  run_program_destructors();
  fflush(nullptr);
}

}  // namespace

void exit_child(int status) {
  run_exit_handlers(status);
  for (;;) raw_syscall(SYS_exit_group, status);
}

void exit_execution(int status, std::uint64_t pc) {
  if (in_child()) exit_child(status);
  Event event = make_event(Operation::exit, nullptr, reinterpret_cast<void*>(pc));
  event.after = static_cast<std::uint64_t>(status);
  point(event);
  scheduler().step(event);
  if (g_exiting) {
    // A second thread, or a handler, calls exit: as in libc, the first one goes on.
    end_with(status, pc);
  }
  g_exiting = true;
  run_thread_destructors();
  run_exit_handlers(status);
  if (engine().find_leaks && (status & 0xff) == 0) fail_on_leaks(pc, g_stack_at_exit);
  end_with(status, pc);
}

}  // namespace trama::runtime

using namespace trama::runtime;
using trama::FindingCode;

namespace {
std::uint64_t number(void* pc) { return reinterpret_cast<std::uint64_t>(pc); }
}  // namespace

TRAMA_EXPORT int __cxa_atexit(void (*function)(void*), void* argument, void* module) {
  if (ours()) return add({function, nullptr, argument});
  using Signature = int (*)(void (*)(void*), void*, void*);
  static auto* real = reinterpret_cast<Signature>(find_real("__cxa_atexit"));
  return real(function, argument, module);
}
// A program linked against GCC's libtsan takes atexit from there instead of from libc's static part.
TRAMA_EXPORT int atexit(void (*function)()) {
  return __cxa_atexit(reinterpret_cast<void (*)(void*)>(function), nullptr, nullptr);
}
TRAMA_EXPORT int on_exit(void (*function)(int, void*), void* argument) {
  if (ours()) return add({nullptr, function, argument});
  return TRAMA_REAL(on_exit)(function, argument);
}
TRAMA_EXPORT void __cxa_finalize(void* module) {
  if (ours()) return;
  using Signature = void (*)(void*);
  static auto* real = reinterpret_cast<Signature>(find_real("__cxa_finalize"));
  real(module);
}

TRAMA_EXPORT void exit(int status) {
  if (g_active && engine().session) {
    // What the caller keeps in registers is saved in this frame, right below its base.
    __builtin_unwind_init();
    constexpr std::uint64_t kSavedBytes = 128;
    g_stack_at_exit = number(__builtin_frame_address(0)) - kSavedBytes;
    exit_execution(status, number(TRAMA_PC));
  }
  if (g_active) fail(FindingCode::exit_status, "exit-in-check", number(TRAMA_PC));
  if (in_child()) exit_child(status);
  TRAMA_REAL(exit)(status);
  __builtin_unreachable();
}
TRAMA_EXPORT void _exit(int status) {
  if (g_active) end_with(status, number(TRAMA_PC));
  for (;;) raw_syscall(SYS_exit_group, status);
}
TRAMA_EXPORT void _Exit(int status) {
  if (g_active) end_with(status, number(TRAMA_PC));
  for (;;) raw_syscall(SYS_exit_group, status);
}
TRAMA_EXPORT void quick_exit(int status) {
  if (g_active) end_with(status, number(TRAMA_PC));
  TRAMA_REAL(quick_exit)(status);
  __builtin_unreachable();
}

TRAMA_EXPORT void abort() {
  if (!g_active) {
    TRAMA_REAL(abort)();
    __builtin_unreachable();
  }
  if (action_of(SIGABRT).sa_handler != SIG_DFL && (signal_mask() & bit_of(SIGABRT)) == 0) {
    raise_for_program(SIGABRT, TRAMA_PC);  // its handler may not come back
  }
  std::string what;
  if (describe_current_exception(what)) {
    note_uncaught(current_exception_object());
    fail(FindingCode::uncaught, "uncaught", number(TRAMA_PC), static_cast<std::string&&>(what));
  }
  if (take_joinable_note(self())) {
    fail(FindingCode::misuse, "joinable-destroyed", number(TRAMA_PC));
  }
  fail(FindingCode::abort, "abort", number(TRAMA_PC));
}

TRAMA_EXPORT void __assert_fail(const char* expression, const char* file, unsigned line,
                                const char* function) {
  if (!g_active) {
    TRAMA_REAL(__assert_fail)(expression, file, line, function);
    __builtin_unreachable();
  }
  TRAMA_REAL(fprintf)
  (stderr, "%s:%u: %s: Assertion `%s' failed.\n", file, line, function, expression);
  fail(FindingCode::assert_failed, "assert", number(TRAMA_PC), expression);
}
TRAMA_EXPORT void __assert_perror_fail(int error, const char* file, unsigned line,
                                       const char* function) {
  __assert_fail(strerror(error), file, line, function);
  __builtin_unreachable();
}
TRAMA_EXPORT void __assert(const char* expression, const char* file, int line) {
  __assert_fail(expression, file, static_cast<unsigned>(line), "?");
  __builtin_unreachable();
}

// std::terminate(): called by the program itself where a joinable std::thread is destroyed
// or assigned to (the code of ~thread is inlined into the program). The handler that the
// program may have set runs as ever; abort() above then knows why.
TRAMA_EXPORT void _ZSt9terminatev() {
  if (g_active && is_instrumented(TRAMA_PC)) note_terminate_called(self());
  static auto* real = reinterpret_cast<void (*)()>(find_real("_ZSt9terminatev"));
  real();
  __builtin_unreachable();
}
