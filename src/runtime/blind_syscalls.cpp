// System calls that block or synchronise, made by syscall() and not by libc's function for them:
// named, then passed on by the caller. What syscall() controls is in libc_futex.cpp.
#include <sys/syscall.h>

#include "runtime/engine.hpp"

// clang-format off
#define TRAMA_BLIND_NUMBERS(X)                                                                 \
  X(membarrier) X(rseq) X(futex_waitv) X(clone) X(clone3) X(fork) X(vfork) X(wait4) X(waitid)  \
  X(io_uring_setup) X(io_uring_enter) X(io_uring_register) X(io_submit) X(io_getevents) X(io_pgetevents)                              \
  X(poll) X(ppoll) X(select) X(pselect6) X(epoll_wait) X(epoll_pwait) X(epoll_pwait2)          \
  X(accept) X(accept4) X(connect) X(sendto) X(sendmsg) X(sendmmsg)                             \
  X(recvfrom) X(recvmsg) X(recvmmsg) X(splice) X(tee) X(vmsplice)                              \
  X(msgsnd) X(msgrcv) X(semop) X(semtimedop) X(semctl) X(shmat) X(flock)                       \
  X(mq_timedsend) X(mq_timedreceive) X(mq_notify)                                              \
  X(pause) X(rt_sigsuspend) X(rt_sigtimedwait) X(kill) X(tkill) X(tgkill)                      \
  X(rt_sigqueueinfo) X(rt_tgsigqueueinfo) X(pidfd_send_signal)                                 \
  X(nanosleep) X(clock_nanosleep) X(alarm) X(setitimer) X(timer_create) X(timerfd_settime)
// clang-format on

namespace trama::runtime {

void note_blind_number(long number, void* pc) {
  switch (number) {
#define TRAMA_X(name) \
  case SYS_##name: return note_blind("syscall(SYS_" #name ")", pc);
    TRAMA_BLIND_NUMBERS(TRAMA_X)
#undef TRAMA_X
    default: return;
  }
}

}  // namespace trama::runtime
