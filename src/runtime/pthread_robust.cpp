// Robust mutexes: what pthread_mutex.cpp and pthread_cond.cpp ask of them, and
// pthread_mutex_consistent.
#include <errno.h>
#include <pthread.h>

#include "runtime/engine.hpp"
#include "runtime/real.hpp"
#include "runtime/robust.hpp"

namespace trama::runtime {
namespace {

/// The execution that last used a robust mutex: all others need not look for any.
std::uint64_t g_execution_with_robust = 0;

}  // namespace

void note_robust(SyncObject& mutex) {
  mutex.robustness = Robustness::sound;
  g_execution_with_robust = engine().execution_count;
}

int settle_robust(ObjectId mutex, const void* address, void* pc) {
  SyncObject& object = scheduler().objects()[mutex];
  switch (object.robustness) {
    case Robustness::abandoned: object.robustness = Robustness::inconsistent; return EOWNERDEAD;
    case Robustness::lost: {
      Event event = make_event(Operation::unlock, address, pc);
      event.object = mutex;
      event.outcome = Outcome::failed;
      scheduler().unlock(event);
      return ENOTRECOVERABLE;
    }
    default: return 0;
  }
}

void abandon_robust_mutexes() {
  if (g_execution_with_robust != engine().execution_count) return;
  ObjectTable& objects = scheduler().objects();
  for (ObjectId id = 1; id <= objects.size(); ++id) {
    if (objects[id].robustness == Robustness::none || objects[id].owner != self()) continue;
    Event event = make_event(Operation::abandon, nullptr, nullptr);
    event.address = objects[id].address;
    event.object = id;
    point(event);
    scheduler().abandon(event);
  }
}

}  // namespace trama::runtime

using namespace trama::runtime;
using trama::ObjectId;
using trama::Robustness;

TRAMA_EXPORT int pthread_mutex_consistent(pthread_mutex_t* mutex) {
  if (!g_active) return TRAMA_REAL(pthread_mutex_consistent)(mutex);
  const ObjectId id = scheduler().objects().find(reinterpret_cast<std::uint64_t>(mutex));
  if (id == trama::kNoObject) return EINVAL;
  trama::SyncObject& object = scheduler().objects()[id];
  if (object.robustness != Robustness::inconsistent || object.owner != self()) return EINVAL;
  object.robustness = Robustness::sound;
  return 0;
}
