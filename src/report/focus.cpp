#include "report/focus.hpp"

#include <string_view>

#include "event/io_fault.hpp"
#include "trace/places.hpp"

namespace trama {
namespace {

/// The step in which a lock that somebody waits for was taken.
std::uint32_t acquisition_of(const Trace& trace, ObjectId object, ThreadId holder) {
  for (std::size_t i = trace.steps.size(); i-- > 0;) {
    const Event& event = trace.steps[i].event;
    const bool takes =
        event.operation == Operation::lock || event.operation == Operation::wake ||
        event.operation == Operation::try_lock || event.operation == Operation::timed_lock ||
        event.operation == Operation::read_lock || event.operation == Operation::try_read_lock;
    const bool same = event.object == object || event.mutex == object;
    if (takes && same && event.thread == holder && event.outcome == Outcome::ok) {
      return static_cast<std::uint32_t>(i);
    }
  }
  return kNoIndex;
}

void add_access(const Trace& trace, const FindingAccess& access, Focus& focus) {
  if (access.thread != kNoThread) focus.threads.insert(access.thread);
  if (access.holder != kNoThread) focus.threads.insert(access.holder);
  if (access.task != kNoTask) focus.tasks.insert(access.task);
  if (access.holder_task != kNoTask) focus.tasks.insert(access.holder_task);
  if (access.address != 0) focus.addresses.insert(access.address);
  if (access.object != kNoObject) focus.objects.insert(access.object);
  if (access.step != kNoIndex) focus.steps.insert(access.step);
  if (access.object != kNoObject && access.holder != kNoThread) {
    const std::uint32_t taken = acquisition_of(trace, access.object, access.holder);
    if (taken != kNoIndex) focus.steps.insert(taken);
  }
}

/// Counters and flags inside these are the library's affair, not the program's.
bool is_library_internal(const TracePlace& place) {
  for (const SourceFrame& frame : place.frames) {
    if (frame.line == 0) continue;
    if (!is_library_file(frame.file)) return false;
    const std::string_view name = base_name(frame.file);
    for (const std::string_view internal :
         {"stop_token", "shared_ptr_base.h", "atomicity.h", "cow_string.h", "locale_classes.h"}) {
      if (name == internal) return true;
    }
  }
  return false;
}

/// The machinery of an event loop and of its pool of threads: what they lock, count and poll to
/// find out whose turn it is.
bool is_loop_internal(const TracePlace& place) {
  for (const SourceFrame& frame : place.frames) {
    if (!is_library_file(frame.file)) return false;
    for (const std::string_view part :
         {"/boost/asio/", "/asio/detail/", "/asio/impl/", "/trama/aio/"}) {
      if (frame.file.find(part) != std::string::npos) return true;
    }
  }
  return false;
}

bool is_guard(const Trace& trace, ObjectId object) {
  return object < trace.objects.size() &&
         trace.objects[object].symbol.rfind("guard variable for ", 0) == 0;
}

/// Threads that the finding is not about: what they do is left out, apart from what they
/// write where it matters, and what main does to start and end the others.
class Others {
 public:
  Others(const Trace& trace, const Focus& focus) : focus_(focus) {
    for (; first_create_ < trace.steps.size(); ++first_create_) {
      if (trace.steps[first_create_].event.operation == Operation::create) break;
    }
  }

  [[nodiscard]] bool are_behind(std::uint32_t index, const Event& event) const {
    if (!focus_.threads_decide) return false;
    if (event.operation == Operation::create || event.operation == Operation::join) {
      return !focus_.threads.contains(event.other) && !focus_.threads.contains(event.thread);
    }
    if (focus_.threads.contains(event.thread) || focus_.objects.contains(event.object) ||
        event.operation == Operation::exit) {
      return false;
    }
    const bool plain = event.operation == Operation::read || event.operation == Operation::write;
    const bool output = event.operation == Operation::output;
    if (event.thread == kMainThread && !plain && !(output && !focus_.lost_update)) return false;
    // Before there are threads, memory is only being prepared.
    return event.operation != Operation::write || index < first_create_ ||
           !focus_.addresses.contains(event.address);
  }

 private:
  const Focus& focus_;
  std::uint32_t first_create_ = 0;
};

bool is_bookkeeping(Operation operation) {
  return operation == Operation::yield || operation == Operation::clock ||
         operation == Operation::fence;
}

}  // namespace

bool is_blank(const TraceStep& step) {
  return step.text.find_first_not_of(" \n\r\t") == std::string::npos;
}

Focus focus_of(const Trace& trace, const Finding* finding) {
  Focus focus;
  if (finding == nullptr) return focus;
  if (finding->thread != kNoThread) focus.threads.insert(finding->thread);
  if (finding->step != kNoIndex) focus.steps.insert(finding->step);
  // Exit handlers and static objects have their turn after the process has said how it ends.
  if (finding->code == FindingCode::exit_status) focus.end = finding->step;
  for (const FindingAccess& access : finding->accesses) add_access(trace, access, focus);
  focus.threads_decide = finding->accesses.size() > 1;
  focus.centre = focus.steps;
  focus.lost_update = find_lost_update(trace, *finding);
  if (focus.lost_update) {
    focus.centre.clear();
    for (const std::uint32_t step :
         {focus.lost_update->read, focus.lost_update->between, focus.lost_update->write}) {
      focus.steps.insert(step);
      focus.centre.insert(step);
      focus.threads.insert(trace.steps[step].event.thread);
      if (trace.steps[step].task != kNoTask) focus.tasks.insert(trace.steps[step].task);
    }
    focus.addresses.insert(trace.steps[focus.lost_update->write].event.address);
    focus.threads_decide = true;
  }
  return focus;
}

std::vector<bool> find_noise(const Trace& trace, const Focus& focus) {
  std::vector<bool> internal(trace.places.size());
  for (std::size_t i = 0; i < internal.size(); ++i)
    internal[i] = is_library_internal(trace.places[i]);
  std::vector<bool> machinery(trace.places.size());
  for (std::size_t i = 0; i < machinery.size() && !trace.tasks.empty(); ++i) {
    machinery[i] = is_loop_internal(trace.places[i]);
  }
  std::vector<bool> guards(trace.objects.size());
  for (ObjectId i = 1; i < guards.size(); ++i) guards[i] = is_guard(trace, i);
  const Others others(trace, focus);
  std::vector<bool> noise(trace.steps.size());
  for (std::uint32_t i = 0; i < noise.size(); ++i) {
    const TraceStep& step = trace.steps[i];
    const Event& event = step.event;
    const bool main_starts = event.operation == Operation::start && event.thread == kMainThread;
    const bool guard = event.object < guards.size() && guards[event.object];
    const bool inside = is_atomic(event.operation) && step.place < internal.size() &&
                        internal[step.place] && !focus.addresses.contains(event.address);
    const bool behind = focus.end != kNoIndex && i > focus.end;
    const bool blank = event.operation == Operation::output && is_blank(step);
    const bool loop = step.place < machinery.size() && machinery[step.place] &&
                      !is_of_task(event.operation) && event.operation != Operation::create &&
                      event.operation != Operation::join && !focus.objects.contains(event.object) &&
                      !focus.addresses.contains(event.address);
    noise[i] = behind || loop || blank || main_starts || guard || inside ||
               others.are_behind(i, event) || is_bookkeeping(event.operation);
  }
  for (std::uint32_t i = 0; i < noise.size(); ++i) {
    if (fault_of(trace.steps[i].event) != IoFault::none) noise[i] = false;
  }
  for (const std::uint32_t step : focus.steps) {
    if (step < noise.size()) noise[step] = false;
  }
  return noise;
}

}  // namespace trama
