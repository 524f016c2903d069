// Robust mutexes (PTHREAD_MUTEX_ROBUST): when the holder ends, the next to lock is told.
#pragma once

#include "event/ids.hpp"
#include "schedule/object_table.hpp"

namespace trama::runtime {

/// Notes that a mutex is robust, at its first use in an execution.
void note_robust(SyncObject& mutex);
/// The answer to whoever just locked `mutex`: 0, EOWNERDEAD, or ENOTRECOVERABLE, with which
/// the mutex is not held after all.
int settle_robust(ObjectId mutex, const void* address, void* pc);
/// Before the current thread ends: the robust mutexes that it holds pass to others.
void abandon_robust_mutexes();

}  // namespace trama::runtime
