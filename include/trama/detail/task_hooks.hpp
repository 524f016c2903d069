// What the library tells the engine about its tasks, so that a report can name them and say
// where each of them waits. Without the engine they are null, and nobody is told anything.
//
// Weak; but in a program that is not position-independent the linker already makes null of a weak
// function that it does not find, so `hooks` asks the loader too.
#pragma once

#include <dlfcn.h>

extern "C" {

/// A task exists from now on. `frame` is the address of its outermost coroutine (its first word is
/// the resume function); `name` may be null.
[[gnu::weak]] void trama_task_created(const void* task, const void* frame, const char* name);
[[gnu::weak]] void trama_task_named(const void* task, const char* name);

/// The calling thread runs the task from now.
[[gnu::weak]] void trama_task_resumed(const void* task);

/// The task awaits something: `pc` lies behind the await in the coroutine's body, `what` is a
/// static word such as "sleep" or "lock", or null.
[[gnu::weak]] void trama_task_suspended(const void* task, const void* pc, const char* what);
[[gnu::weak]] void trama_task_finished(const void* task);

/// An exception leaves a coroutine of the task; called while it is handled, first for the innermost
/// coroutine.
[[gnu::weak]] void trama_task_threw(const void* task);

/// The task holds the lock from now; null: nobody does.
[[gnu::weak]] void trama_task_holds(const void* task, const void* lock);
/// The task, which has just been suspended, awaits the lock until it goes on.
[[gnu::weak]] void trama_task_wants(const void* task, const void* lock);

/// A coroutine was destroyed that nobody has awaited or started. `pc` lies behind the place that
/// destroyed it: for a call whose result is ignored, behind the call.
[[gnu::weak]] void trama_task_forgotten(const void* frame, const void* pc);

}  // extern "C"

namespace trama::detail::hooks {

template <typename Function>
Function* find(Function* linked, const char* name) {
  return linked != nullptr ? linked : reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
}

inline const auto created = find(&trama_task_created, "trama_task_created");
inline const auto named = find(&trama_task_named, "trama_task_named");
inline const auto resumed = find(&trama_task_resumed, "trama_task_resumed");
inline const auto suspended = find(&trama_task_suspended, "trama_task_suspended");
inline const auto finished = find(&trama_task_finished, "trama_task_finished");
inline const auto threw = find(&trama_task_threw, "trama_task_threw");
inline const auto holds = find(&trama_task_holds, "trama_task_holds");
inline const auto wants = find(&trama_task_wants, "trama_task_wants");
inline const auto forgotten = find(&trama_task_forgotten, "trama_task_forgotten");

}  // namespace trama::detail::hooks
