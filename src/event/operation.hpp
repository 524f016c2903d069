// Operation: what a thread does that others could see.
//
// The names are the ones that stand in trace files and reports; they are stable. One
// table feeds the runtime (which makes events), the trace (which spells them) and the
// report (which explains them), so a new facility is one more row here.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace trama {

// clang-format off
// X(identifier, text). Order matters to nothing; append freely.
#define TRAMA_OPERATIONS(X)                                       \
  /* threads */                                                   \
  X(start, "start")             /* first step of a thread */      \
  X(create, "create")           /* other = the new thread */      \
  X(join, "join")               /* other = the joined thread */   \
  X(try_join, "try-join")       /* other = the thread it asks for */ \
  X(detach, "detach")           /* other = the detached thread */ \
  X(cancel, "cancel")           /* other = the thread that is to end */ \
  X(cancelled, "cancelled")     /* acts on it instead of its step */ \
  X(finish, "finish")           /* last step of a thread */       \
  /* locks */                                                     \
  X(lock, "lock")                                                 \
  X(try_lock, "try-lock")                                         \
  X(timed_lock, "timed-lock")                                     \
  X(read_lock, "read-lock")                                       \
  X(try_read_lock, "try-read-lock")                               \
  X(unlock, "unlock")                                             \
  X(destroy, "destroy")                                           \
  X(abandon, "abandon")         /* a robust mutex: its holder ends */ \
  X(open, "sem-open")           /* a named semaphore */           \
  X(close, "sem-close")                                           \
  X(acquire, "acquire")                                           \
  X(try_acquire, "try-acquire")                                   \
  X(release, "release")                                           \
  X(arrive, "arrive")                                             \
  /* condition variables */                                       \
  X(wait, "wait")               /* unlocks and goes to sleep */   \
  X(timed_wait, "timed-wait")                                     \
  X(wake, "wake")               /* has the lock again */          \
  X(notify_one, "notify-one")                                     \
  X(notify_all, "notify-all")                                     \
  /* futexes: atomic::wait, latch, barrier, semaphore, future */  \
  X(futex_wait, "futex-wait")                                     \
  X(futex_woken, "futex-woken")                                   \
  X(futex_wake, "futex-wake")                                     \
  /* once and function statics */                                 \
  X(once_enter, "once-enter")                                     \
  X(once_leave, "once-leave")                                     \
  /* atomics */                                                   \
  X(load, "load")                                                 \
  X(store, "store")                                               \
  X(exchange, "exchange")                                         \
  X(fetch_add, "fetch-add")                                       \
  X(fetch_sub, "fetch-sub")                                       \
  X(fetch_and, "fetch-and")                                       \
  X(fetch_or, "fetch-or")                                         \
  X(fetch_xor, "fetch-xor")                                       \
  X(fetch_nand, "fetch-nand")                                     \
  X(compare_exchange, "compare-exchange")                         \
  X(fence, "fence")                                               \
  /* plain memory, where it matters (racing locations) */         \
  X(read, "read")                                                 \
  X(write, "write")                                               \
  X(free, "free")                                                 \
  X(allocate, "allocate")       /* of a leak; no step */          \
  /* time */                                                      \
  X(yield, "yield")                                               \
  X(sleep, "sleep")                                               \
  X(clock, "clock")                                               \
  /* the world */                                                 \
  X(output, "output")                                             \
  X(input, "input")                                               \
  X(choose, "choose")           /* trama::choose(n) */            \
  X(exit, "exit")               /* the process ends */           \
  /* descriptors: pipes, files, eventfds, sockets */              \
  X(fd_open, "open")                                              \
  X(fd_read, "read-from")                                         \
  X(fd_write, "write-to")                                         \
  X(fd_close, "close")                                            \
  X(fd_connect, "connect")                                        \
  X(fd_accept, "accept")                                          \
  X(fd_bind, "bind")                                              \
  X(fd_listen, "listen")                                          \
  X(fd_lock, "lock-file")                                         \
  X(fd_unlock, "unlock-file")                                     \
  X(poll, "poll")               /* poll, select: one or many */   \
  X(pick_ready, "pick-ready")   /* which of an epoll set's events come now: 0 = all */ \
  /* signals */                                                   \
  X(send_signal, "send-signal") /* other = who gets it */         \
  X(handle_signal, "handle-signal")                               \
  X(wait_signal, "wait-signal") /* sigwait, pause, sigsuspend */  \
  /* child processes */                                           \
  X(start_process, "start-process")                               \
  X(wait_process, "wait-process")                                 \
  /* tasks of coroutines: notes, no steps of a schedule */        \
  X(task_create, "create-task")                                   \
  X(task_resume, "resume-task")                                   \
  X(task_await, "await")                                          \
  X(task_finish, "end-task")                                      \
  X(task_forget, "forget-task") /* it is destroyed, and never ran */ \
  X(task_throw, "throw-task")   /* an exception leaves its innermost coroutine */
// clang-format on

enum class Operation : std::uint8_t {
#define TRAMA_X(identifier, text) identifier,
  TRAMA_OPERATIONS(TRAMA_X)
#undef TRAMA_X
};

/// The stable spelling, as in trace files.
constexpr std::string_view to_text(Operation operation) {
  switch (operation) {
#define TRAMA_X(identifier, text) \
  case Operation::identifier: return text;
    TRAMA_OPERATIONS(TRAMA_X)
#undef TRAMA_X
  }
  return "?";
}

constexpr std::optional<Operation> operation_from(std::string_view text) {
#define TRAMA_X(identifier, spelling) \
  if (text == (spelling)) return Operation::identifier;
  TRAMA_OPERATIONS(TRAMA_X)
#undef TRAMA_X
  return std::nullopt;
}

/// True for what a task does, or what is done with one.
constexpr bool is_of_task(Operation operation) {
  return operation >= Operation::task_create && operation <= Operation::task_throw;
}

/// True for operations whose target is an atomic location.
constexpr bool is_atomic(Operation operation) {
  return operation >= Operation::load && operation <= Operation::compare_exchange;
}

}  // namespace trama
