// Named semaphores: sem_open, sem_close, sem_unlink.
//
// Under control a name belongs to one execution of one process: it is found in a table here and
// not in /dev/shm, where it would outlive the execution and reach other processes. What other
// processes do with it cannot be followed anyway.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <semaphore.h>
#include <stdarg.h>
#include <string.h>

#include "runtime/engine.hpp"
#include "runtime/real.hpp"

namespace trama::runtime {

SyncObject& semaphore_of(Event& event);

namespace {

struct Named {
  char name[NAME_MAX + 1];
  bool linked;  // its name still leads to it
  unsigned open_count;
  alignas(16) sem_t place;  // where the program finds it: always at the same addresses
};
constexpr unsigned kNamedMax = 64;
Named g_named[kNamedMax];
unsigned g_named_count = 0;
std::uint64_t g_execution = 0;

/// The table, empty at the first call in an execution.
Named* begin() {
  if (g_execution != engine().execution_count) {
    g_execution = engine().execution_count;
    g_named_count = 0;
  }
  return g_named;
}

Named* find(const char* name) {
  Named* const all = begin();
  for (unsigned i = 0; i < g_named_count; ++i) {
    if (all[i].linked && strcmp(all[i].name, name) == 0) return &all[i];
  }
  return nullptr;
}

Named* make(const char* name, unsigned value) {
  Named* named = nullptr;
  for (unsigned i = 0; i < g_named_count && named == nullptr; ++i) {
    if (!g_named[i].linked && g_named[i].open_count == 0) named = &g_named[i];
  }
  if (named == nullptr) {
    if (g_named_count == kNamedMax) return nullptr;
    named = &g_named[g_named_count++];
  }
  strcpy(named->name, name);
  named->linked = true;
  named->open_count = 0;
  sem_init(&named->place, 1, value);
  return named;
}

/// 0, and the name without its slash; or what is wrong with it.
int read_name(const char*& name) {
  while (*name == '/') ++name;
  if (*name == '\0' || strchr(name, '/') != nullptr) return EINVAL;
  return strlen(name) > NAME_MAX - 4 ? ENAMETOOLONG : 0;  // glibc puts "sem." before it
}

int failed(int error) {
  errno = error;
  return -1;
}

sem_t* open_step(const char* name, int flags, unsigned value, void* pc) {
  Event event = make_event(Operation::open, nullptr, pc);
  point(event);
  int error = read_name(name);
  Named* named = error == 0 ? find(name) : nullptr;
  const bool creates = (flags & O_CREAT) != 0;
  if (error == 0 && named != nullptr && creates && (flags & O_EXCL) != 0) error = EEXIST;
  if (error == 0 && named == nullptr) {
    if (!creates) {
      error = ENOENT;
    } else if (value > SEM_VALUE_MAX) {
      error = EINVAL;
    } else {
      named = make(name, value);
      if (named == nullptr) error = EMFILE;
    }
  }
  if (error != 0) {
    event.outcome = Outcome::failed;
    scheduler().step(event);
    failed(error);
    return SEM_FAILED;
  }
  event.address = reinterpret_cast<std::uint64_t>(&named->place);
  semaphore_of(event);
  ++named->open_count;
  scheduler().step(event);
  return &named->place;
}

}  // namespace
}  // namespace trama::runtime

using namespace trama::runtime;
using trama::Event;
using trama::Operation;
using trama::Outcome;

TRAMA_EXPORT sem_t* sem_open(const char* name, int flags, ...) {
  va_list list;
  va_start(list, flags);
  const bool creates = (flags & O_CREAT) != 0;
  const mode_t mode = creates ? va_arg(list, mode_t) : 0;
  const unsigned value = creates ? va_arg(list, unsigned) : 0;
  va_end(list);
  if (!g_active) return TRAMA_REAL(sem_open)(name, flags, mode, value);
  return open_step(name, flags, value, TRAMA_PC);
}

TRAMA_EXPORT int sem_close(sem_t* semaphore) {
  if (!g_active) return TRAMA_REAL(sem_close)(semaphore);
  Named* const all = begin();
  for (unsigned i = 0; i < g_named_count; ++i) {
    if (&all[i].place != semaphore || all[i].open_count == 0) continue;
    Event event = make_event(Operation::close, semaphore, TRAMA_PC);
    semaphore_of(event);
    point(event);
    scheduler().step(event);
    --all[i].open_count;
    return 0;
  }
  // Perhaps opened before the executions began: it stays open for the next one.
  return failed(EINVAL);
}

TRAMA_EXPORT int sem_unlink(const char* name) {
  if (!g_active) return TRAMA_REAL(sem_unlink)(name);
  Event event = make_event(Operation::destroy, nullptr, TRAMA_PC);
  point(event);
  Named* named = read_name(name) == 0 ? find(name) : nullptr;
  if (named == nullptr) {
    event.outcome = Outcome::failed;
    scheduler().step(event);
    return failed(ENOENT);
  }
  event.address = reinterpret_cast<std::uint64_t>(&named->place);
  semaphore_of(event);
  scheduler().step(event);
  named->linked = false;  // who has it open keeps it
  return 0;
}
