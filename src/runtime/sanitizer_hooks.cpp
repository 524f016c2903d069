// What GCC's libtsan defines and libc does not, beside the instrumentation itself: hooks of other
// instrumentation, questions about a report, hooks around system calls. A program that was linked
// with GCC's library may import any of them, so each must be here; most have nothing to say in a
// controlled execution and answer 0.
#include <malloc.h>
#include <stdint.h>

#include <cstddef>
#include <cstring>

#include "runtime/heap.hpp"
#include "runtime/real.hpp"

extern "C" {
__attribute__((visibility("hidden"), used)) long trama_nothing() { return 0; }
void __tsan_unaligned_read2(void*);
void __tsan_unaligned_read4(void*);
void __tsan_unaligned_read8(void*);
void __tsan_unaligned_write2(void*);
void __tsan_unaligned_write4(void*);
void __tsan_unaligned_write8(void*);
}

#define TRAMA_NOTHING(name) \
  extern "C" __attribute__((alias("trama_nothing"), visibility("default"), nothrow)) long name()

// -fsanitize-coverage: what was executed is of no interest here.
TRAMA_NOTHING(__sanitizer_cov_8bit_counters_init);
TRAMA_NOTHING(__sanitizer_cov_bool_flag_init);
TRAMA_NOTHING(__sanitizer_cov_dump);
TRAMA_NOTHING(__sanitizer_cov_pcs_init);
TRAMA_NOTHING(__sanitizer_cov_reset);
TRAMA_NOTHING(__sanitizer_cov_trace_pc);
TRAMA_NOTHING(__sanitizer_cov_trace_cmp);
TRAMA_NOTHING(__sanitizer_cov_trace_cmp1);
TRAMA_NOTHING(__sanitizer_cov_trace_cmp2);
TRAMA_NOTHING(__sanitizer_cov_trace_cmp4);
TRAMA_NOTHING(__sanitizer_cov_trace_cmp8);
TRAMA_NOTHING(__sanitizer_cov_trace_cmpf);
TRAMA_NOTHING(__sanitizer_cov_trace_cmpd);
TRAMA_NOTHING(__sanitizer_cov_trace_const_cmp1);
TRAMA_NOTHING(__sanitizer_cov_trace_const_cmp2);
TRAMA_NOTHING(__sanitizer_cov_trace_const_cmp4);
TRAMA_NOTHING(__sanitizer_cov_trace_const_cmp8);
TRAMA_NOTHING(__sanitizer_cov_trace_div4);
TRAMA_NOTHING(__sanitizer_cov_trace_div8);
TRAMA_NOTHING(__sanitizer_cov_trace_gep);
TRAMA_NOTHING(__sanitizer_cov_trace_pc_guard);
TRAMA_NOTHING(__sanitizer_cov_trace_pc_guard_init);
TRAMA_NOTHING(__sanitizer_cov_trace_pc_indir);
TRAMA_NOTHING(__sanitizer_cov_trace_switch);
TRAMA_NOTHING(__sanitizer_dump_coverage);
TRAMA_NOTHING(__sanitizer_dump_trace_pc_guard_coverage);
extern "C" __attribute__((visibility("default"),
                          tls_model("initial-exec"))) thread_local uintptr_t __sancov_lowest_stack;
thread_local uintptr_t __sancov_lowest_stack = 0;

// <sanitizer/common_interface_defs.h>, <sanitizer/allocator_interface.h>.
TRAMA_NOTHING(__sanitizer_acquire_crash_state);
TRAMA_NOTHING(__sanitizer_get_current_allocated_bytes);
TRAMA_NOTHING(__sanitizer_get_free_bytes);
TRAMA_NOTHING(__sanitizer_get_heap_size);
TRAMA_NOTHING(__sanitizer_get_module_and_offset_for_pc);
TRAMA_NOTHING(__sanitizer_get_unmapped_bytes);
TRAMA_NOTHING(__sanitizer_install_malloc_and_free_hooks);
TRAMA_NOTHING(__sanitizer_print_stack_trace);
TRAMA_NOTHING(__sanitizer_report_error_summary);
TRAMA_NOTHING(__sanitizer_set_death_callback);
TRAMA_NOTHING(__sanitizer_set_report_fd);
TRAMA_NOTHING(__sanitizer_set_report_path);
TRAMA_EXPORT const char* __sanitizer_get_report_path() { return ""; }
TRAMA_EXPORT std::size_t __sanitizer_get_estimated_allocated_size(std::size_t size) { return size; }
TRAMA_EXPORT int __sanitizer_get_ownership(const void* block) {
  using namespace trama::runtime;
  return g_program_heap.owns(block) && Heap::is_live(block) ? 1 : 0;
}
TRAMA_EXPORT std::size_t __sanitizer_get_allocated_size(const void* block) {
  return __sanitizer_get_ownership(block) == 0 ? 0 : trama::runtime::Heap::size_of(block);
}
TRAMA_EXPORT void __sanitizer_symbolize_pc(void*, const char*, char* out, std::size_t size) {
  if (size != 0) *out = '\0';
}
TRAMA_EXPORT void __sanitizer_symbolize_global(void*, const char*, char* out, std::size_t size) {
  if (size != 0) *out = '\0';
}
#define TRAMA_UNALIGNED(bits, bytes)                                                    \
  TRAMA_EXPORT uint##bits##_t __sanitizer_unaligned_load##bits(void* at) {              \
    __tsan_unaligned_read##bytes(at);                                                   \
    uint##bits##_t value = 0;                                                           \
    __builtin_memcpy(&value, at, bytes);                                                \
    return value;                                                                       \
  }                                                                                     \
  TRAMA_EXPORT void __sanitizer_unaligned_store##bits(void* at, uint##bits##_t value) { \
    __tsan_unaligned_write##bytes(at);                                                  \
    __builtin_memcpy(at, &value, bytes);                                                \
  }
TRAMA_UNALIGNED(16, 2)
TRAMA_UNALIGNED(32, 4)
TRAMA_UNALIGNED(64, 8)

// Questions about a report of ThreadSanitizer's: there never is one.
TRAMA_NOTHING(__tsan_get_alloc_stack);
TRAMA_NOTHING(__tsan_get_current_report);
TRAMA_NOTHING(__tsan_get_report_data);
TRAMA_NOTHING(__tsan_get_report_loc);
TRAMA_NOTHING(__tsan_get_report_loc_object_type);
TRAMA_NOTHING(__tsan_get_report_mop);
TRAMA_NOTHING(__tsan_get_report_mutex);
TRAMA_NOTHING(__tsan_get_report_stack);
TRAMA_NOTHING(__tsan_get_report_tag);
TRAMA_NOTHING(__tsan_get_report_thread);
TRAMA_NOTHING(__tsan_get_report_unique_tid);
TRAMA_EXPORT const char* __tsan_locate_address(std::uintptr_t, char*, std::size_t, std::uintptr_t*,
                                               std::size_t*) {
  return "";
}
TRAMA_NOTHING(__tsan_testonly_barrier_init);
TRAMA_NOTHING(__tsan_testonly_barrier_wait);
TRAMA_NOTHING(__tsan_testonly_shadow_stack_current_size);

// A Java machine tells of its heap and its locks. Java is not what Trama runs.
TRAMA_NOTHING(__tsan_java_acquire);
TRAMA_NOTHING(__tsan_java_alloc);
TRAMA_NOTHING(__tsan_java_finalize);
TRAMA_NOTHING(__tsan_java_find);
TRAMA_NOTHING(__tsan_java_fini);
TRAMA_NOTHING(__tsan_java_free);
TRAMA_NOTHING(__tsan_java_init);
TRAMA_NOTHING(__tsan_java_move);
TRAMA_NOTHING(__tsan_java_mutex_lock);
TRAMA_NOTHING(__tsan_java_mutex_lock_rec);
TRAMA_NOTHING(__tsan_java_mutex_read_lock);
TRAMA_NOTHING(__tsan_java_mutex_read_unlock);
TRAMA_NOTHING(__tsan_java_mutex_unlock);
TRAMA_NOTHING(__tsan_java_mutex_unlock_rec);
TRAMA_NOTHING(__tsan_java_release);
TRAMA_NOTHING(__tsan_java_release_store);

// <sanitizer/linux_syscall_hooks.h>: before and after a system call made by hand.
#define TRAMA_HOOK(name)                              \
  TRAMA_NOTHING(__sanitizer_syscall_pre_impl_##name); \
  TRAMA_NOTHING(__sanitizer_syscall_post_impl_##name);
// clang-format off
  TRAMA_HOOK(accept) TRAMA_HOOK(accept4) TRAMA_HOOK(access) TRAMA_HOOK(acct) TRAMA_HOOK(add_key)
  TRAMA_HOOK(adjtimex) TRAMA_HOOK(alarm) TRAMA_HOOK(bdflush) TRAMA_HOOK(bind) TRAMA_HOOK(brk)
  TRAMA_HOOK(capget) TRAMA_HOOK(capset) TRAMA_HOOK(chdir) TRAMA_HOOK(chmod) TRAMA_HOOK(chown)
  TRAMA_HOOK(chroot) TRAMA_HOOK(clock_adjtime) TRAMA_HOOK(clock_getres) TRAMA_HOOK(clock_gettime)
  TRAMA_HOOK(clock_nanosleep) TRAMA_HOOK(clock_settime) TRAMA_HOOK(close) TRAMA_HOOK(connect)
  TRAMA_HOOK(creat) TRAMA_HOOK(delete_module) TRAMA_HOOK(dup) TRAMA_HOOK(dup2) TRAMA_HOOK(dup3)
  TRAMA_HOOK(epoll_create) TRAMA_HOOK(epoll_create1) TRAMA_HOOK(epoll_ctl) TRAMA_HOOK(epoll_pwait)
  TRAMA_HOOK(epoll_pwait2) TRAMA_HOOK(epoll_wait) TRAMA_HOOK(eventfd) TRAMA_HOOK(eventfd2)
  TRAMA_HOOK(exit) TRAMA_HOOK(exit_group) TRAMA_HOOK(faccessat) TRAMA_HOOK(fchdir)
  TRAMA_HOOK(fchmod) TRAMA_HOOK(fchmodat) TRAMA_HOOK(fchown) TRAMA_HOOK(fchownat) TRAMA_HOOK(fcntl)
  TRAMA_HOOK(fcntl64) TRAMA_HOOK(fdatasync) TRAMA_HOOK(fgetxattr) TRAMA_HOOK(flistxattr)
  TRAMA_HOOK(flock) TRAMA_HOOK(fork) TRAMA_HOOK(fremovexattr) TRAMA_HOOK(fsetxattr)
  TRAMA_HOOK(fstat) TRAMA_HOOK(fstat64) TRAMA_HOOK(fstatat64) TRAMA_HOOK(fstatfs)
  TRAMA_HOOK(fstatfs64) TRAMA_HOOK(fsync) TRAMA_HOOK(ftruncate) TRAMA_HOOK(futimesat)
  TRAMA_HOOK(get_mempolicy) TRAMA_HOOK(get_robust_list) TRAMA_HOOK(getcpu) TRAMA_HOOK(getcwd)
  TRAMA_HOOK(getdents) TRAMA_HOOK(getdents64) TRAMA_HOOK(getegid) TRAMA_HOOK(geteuid)
  TRAMA_HOOK(getgid) TRAMA_HOOK(getgroups) TRAMA_HOOK(gethostname) TRAMA_HOOK(getitimer)
  TRAMA_HOOK(getpeername) TRAMA_HOOK(getpgid) TRAMA_HOOK(getpgrp) TRAMA_HOOK(getpid)
  TRAMA_HOOK(getppid) TRAMA_HOOK(getpriority) TRAMA_HOOK(getrandom) TRAMA_HOOK(getresgid)
  TRAMA_HOOK(getresuid) TRAMA_HOOK(getrlimit) TRAMA_HOOK(getrusage) TRAMA_HOOK(getsid)
  TRAMA_HOOK(getsockname) TRAMA_HOOK(getsockopt) TRAMA_HOOK(gettid) TRAMA_HOOK(gettimeofday)
  TRAMA_HOOK(getuid) TRAMA_HOOK(getxattr) TRAMA_HOOK(init_module) TRAMA_HOOK(inotify_add_watch)
  TRAMA_HOOK(inotify_init) TRAMA_HOOK(inotify_init1) TRAMA_HOOK(inotify_rm_watch)
  TRAMA_HOOK(io_cancel) TRAMA_HOOK(io_destroy) TRAMA_HOOK(io_getevents) TRAMA_HOOK(io_setup)
  TRAMA_HOOK(io_submit) TRAMA_HOOK(ioctl) TRAMA_HOOK(ioperm) TRAMA_HOOK(ioprio_get)
  TRAMA_HOOK(ioprio_set) TRAMA_HOOK(ipc) TRAMA_HOOK(kexec_load) TRAMA_HOOK(keyctl) TRAMA_HOOK(kill)
  TRAMA_HOOK(lchown) TRAMA_HOOK(lgetxattr) TRAMA_HOOK(link) TRAMA_HOOK(linkat) TRAMA_HOOK(listen)
  TRAMA_HOOK(listxattr) TRAMA_HOOK(llistxattr) TRAMA_HOOK(llseek) TRAMA_HOOK(lookup_dcookie)
  TRAMA_HOOK(lremovexattr) TRAMA_HOOK(lseek) TRAMA_HOOK(lsetxattr) TRAMA_HOOK(lstat)
  TRAMA_HOOK(lstat64) TRAMA_HOOK(madvise) TRAMA_HOOK(mbind) TRAMA_HOOK(migrate_pages)
  TRAMA_HOOK(mincore) TRAMA_HOOK(mkdir) TRAMA_HOOK(mkdirat) TRAMA_HOOK(mknod) TRAMA_HOOK(mknodat)
  TRAMA_HOOK(mlock) TRAMA_HOOK(mlockall) TRAMA_HOOK(mmap_pgoff) TRAMA_HOOK(mount)
  TRAMA_HOOK(move_pages) TRAMA_HOOK(mprotect) TRAMA_HOOK(mq_getsetattr) TRAMA_HOOK(mq_notify)
  TRAMA_HOOK(mq_open) TRAMA_HOOK(mq_timedreceive) TRAMA_HOOK(mq_timedsend) TRAMA_HOOK(mq_unlink)
  TRAMA_HOOK(mremap) TRAMA_HOOK(msgctl) TRAMA_HOOK(msgget) TRAMA_HOOK(msgrcv) TRAMA_HOOK(msgsnd)
  TRAMA_HOOK(msync) TRAMA_HOOK(munlock) TRAMA_HOOK(munlockall) TRAMA_HOOK(munmap)
  TRAMA_HOOK(name_to_handle_at) TRAMA_HOOK(nanosleep) TRAMA_HOOK(newfstat) TRAMA_HOOK(newfstatat)
  TRAMA_HOOK(newlstat) TRAMA_HOOK(newstat) TRAMA_HOOK(newuname) TRAMA_HOOK(ni_syscall)
  TRAMA_HOOK(nice) TRAMA_HOOK(old_getrlimit) TRAMA_HOOK(old_mmap) TRAMA_HOOK(old_readdir)
  TRAMA_HOOK(old_select) TRAMA_HOOK(oldumount) TRAMA_HOOK(olduname) TRAMA_HOOK(open)
  TRAMA_HOOK(open_by_handle_at) TRAMA_HOOK(openat) TRAMA_HOOK(pause) TRAMA_HOOK(pciconfig_iobase)
  TRAMA_HOOK(pciconfig_read) TRAMA_HOOK(pciconfig_write) TRAMA_HOOK(perf_event_open)
  TRAMA_HOOK(personality) TRAMA_HOOK(pipe) TRAMA_HOOK(pipe2) TRAMA_HOOK(pivot_root)
  TRAMA_HOOK(poll) TRAMA_HOOK(ppoll) TRAMA_HOOK(pread64) TRAMA_HOOK(preadv) TRAMA_HOOK(prlimit64)
  TRAMA_HOOK(process_vm_readv) TRAMA_HOOK(process_vm_writev) TRAMA_HOOK(pselect6)
  TRAMA_HOOK(ptrace) TRAMA_HOOK(pwrite64) TRAMA_HOOK(pwritev) TRAMA_HOOK(quotactl) TRAMA_HOOK(read)
  TRAMA_HOOK(readlink) TRAMA_HOOK(readlinkat) TRAMA_HOOK(readv) TRAMA_HOOK(reboot) TRAMA_HOOK(recv)
  TRAMA_HOOK(recvfrom) TRAMA_HOOK(recvmmsg) TRAMA_HOOK(recvmsg) TRAMA_HOOK(remap_file_pages)
  TRAMA_HOOK(removexattr) TRAMA_HOOK(rename) TRAMA_HOOK(renameat) TRAMA_HOOK(request_key)
  TRAMA_HOOK(restart_syscall) TRAMA_HOOK(rmdir) TRAMA_HOOK(rt_sigaction) TRAMA_HOOK(rt_sigpending)
  TRAMA_HOOK(rt_sigprocmask) TRAMA_HOOK(rt_sigqueueinfo) TRAMA_HOOK(rt_sigtimedwait)
  TRAMA_HOOK(rt_tgsigqueueinfo) TRAMA_HOOK(sched_get_priority_max)
  TRAMA_HOOK(sched_get_priority_min) TRAMA_HOOK(sched_getaffinity) TRAMA_HOOK(sched_getparam)
  TRAMA_HOOK(sched_getscheduler) TRAMA_HOOK(sched_rr_get_interval) TRAMA_HOOK(sched_setaffinity)
  TRAMA_HOOK(sched_setparam) TRAMA_HOOK(sched_setscheduler) TRAMA_HOOK(sched_yield)
  TRAMA_HOOK(select) TRAMA_HOOK(semctl) TRAMA_HOOK(semget) TRAMA_HOOK(semop) TRAMA_HOOK(semtimedop)
  TRAMA_HOOK(send) TRAMA_HOOK(sendfile) TRAMA_HOOK(sendfile64) TRAMA_HOOK(sendmmsg)
  TRAMA_HOOK(sendmsg) TRAMA_HOOK(sendto) TRAMA_HOOK(set_mempolicy) TRAMA_HOOK(set_robust_list)
  TRAMA_HOOK(set_tid_address) TRAMA_HOOK(setdomainname) TRAMA_HOOK(setfsgid) TRAMA_HOOK(setfsuid)
  TRAMA_HOOK(setgid) TRAMA_HOOK(setgroups) TRAMA_HOOK(sethostname) TRAMA_HOOK(setitimer)
  TRAMA_HOOK(setns) TRAMA_HOOK(setpgid) TRAMA_HOOK(setpriority) TRAMA_HOOK(setregid)
  TRAMA_HOOK(setresgid) TRAMA_HOOK(setresuid) TRAMA_HOOK(setreuid) TRAMA_HOOK(setrlimit)
  TRAMA_HOOK(setsid) TRAMA_HOOK(setsockopt) TRAMA_HOOK(settimeofday) TRAMA_HOOK(setuid)
  TRAMA_HOOK(setxattr) TRAMA_HOOK(sgetmask) TRAMA_HOOK(shmat) TRAMA_HOOK(shmctl) TRAMA_HOOK(shmdt)
  TRAMA_HOOK(shmget) TRAMA_HOOK(shutdown) TRAMA_HOOK(sigaction) TRAMA_HOOK(sigaltstack)
  TRAMA_HOOK(signal) TRAMA_HOOK(signalfd) TRAMA_HOOK(signalfd4) TRAMA_HOOK(sigpending)
  TRAMA_HOOK(sigprocmask) TRAMA_HOOK(socket) TRAMA_HOOK(socketcall) TRAMA_HOOK(socketpair)
  TRAMA_HOOK(splice) TRAMA_HOOK(spu_create) TRAMA_HOOK(spu_run) TRAMA_HOOK(ssetmask)
  TRAMA_HOOK(stat) TRAMA_HOOK(stat64) TRAMA_HOOK(statfs) TRAMA_HOOK(statfs64) TRAMA_HOOK(stime)
  TRAMA_HOOK(swapoff) TRAMA_HOOK(swapon) TRAMA_HOOK(symlink) TRAMA_HOOK(symlinkat) TRAMA_HOOK(sync)
  TRAMA_HOOK(syncfs) TRAMA_HOOK(sysctl) TRAMA_HOOK(sysfs) TRAMA_HOOK(sysinfo) TRAMA_HOOK(syslog)
  TRAMA_HOOK(tee) TRAMA_HOOK(tgkill) TRAMA_HOOK(time) TRAMA_HOOK(timer_create)
  TRAMA_HOOK(timer_delete) TRAMA_HOOK(timer_getoverrun) TRAMA_HOOK(timer_gettime)
  TRAMA_HOOK(timer_settime) TRAMA_HOOK(timerfd_create) TRAMA_HOOK(timerfd_gettime)
  TRAMA_HOOK(timerfd_settime) TRAMA_HOOK(times) TRAMA_HOOK(tkill) TRAMA_HOOK(truncate)
  TRAMA_HOOK(umask) TRAMA_HOOK(umount) TRAMA_HOOK(uname) TRAMA_HOOK(unlink) TRAMA_HOOK(unlinkat)
  TRAMA_HOOK(unshare) TRAMA_HOOK(uselib) TRAMA_HOOK(ustat) TRAMA_HOOK(utime) TRAMA_HOOK(utimensat)
  TRAMA_HOOK(utimes) TRAMA_HOOK(vfork) TRAMA_HOOK(vhangup) TRAMA_HOOK(vmsplice) TRAMA_HOOK(wait4)
  TRAMA_HOOK(waitid) TRAMA_HOOK(waitpid) TRAMA_HOOK(write) TRAMA_HOOK(writev)
    // clang-format on
