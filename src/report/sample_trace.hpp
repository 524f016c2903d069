// Traces made by hand, for the tests of reports.
#pragma once

#include <fmt/format.h>

#include <string>

#include "trace/trace.hpp"

namespace trama::testing {

/// Builds a trace step by step; every step has a place of its own line in banco.cpp.
class TraceBuilder {
 public:
  explicit TraceBuilder(unsigned thread_count) {
    trace_.program = "build/aulas/banco_inseguro";
    trace_.strategy = "pct";
    trace_.seed = 7;
    trace_.execution = 3;
    trace_.objects.emplace_back();
    trace_.modules.push_back({"/nowhere/banco_inseguro", 0x555555554000, "3f", true});
    trace_.threads.push_back({"main", kNoThread, kNoIndex});
    for (unsigned i = 1; i < thread_count; ++i) {
      trace_.threads.push_back({fmt::format("T{}", i), kMainThread, kNoIndex});
    }
  }

  ObjectId object(ObjectKind kind, std::uint64_t address, const std::string& symbol) {
    const std::size_t id = trace_.objects.size();
    trace_.objects.push_back({kind, address, fmt::format("{}{}", letter_of(kind), id), symbol});
    return static_cast<ObjectId>(id);
  }

  /// A stack of two user frames with a library frame innermost.
  std::uint32_t stack(const std::string& function, std::uint32_t line) {
    const auto place = static_cast<std::uint32_t>(trace_.places.size());
    trace_.places.push_back(
        {0,
         0x1000 + line,
         {{"std::mutex::lock()", "/usr/include/c++/12/bits/std_mutex.h", 100, 7},
          {function + "(int, int)", "/nowhere/banco.cpp", line, 5}}});
    trace_.places.push_back({0, 0x2000 + line, {{"trabalhar(int)", "/nowhere/banco.cpp", 90, 3}}});
    trace_.stacks.push_back({place, place + 1});
    return static_cast<std::uint32_t>(trace_.stacks.size() - 1);
  }

  std::uint32_t step(ThreadId thread, Operation operation, ObjectId object, std::uint32_t line,
                     std::uint64_t before = 0, std::uint64_t after = 0) {
    TraceStep step;
    step.event.thread = thread;
    step.event.operation = operation;
    step.event.object = object;
    step.event.address = object < trace_.objects.size() ? trace_.objects[object].address : 0;
    step.event.before = before;
    step.event.after = after;
    step.event.size = 4;
    step.stack = stack("transferir", line);
    step.place = trace_.stacks[step.stack].front();
    step.alternatives = 2;
    trace_.steps.push_back(std::move(step));
    return static_cast<std::uint32_t>(trace_.steps.size() - 1);
  }

  Trace& trace() { return trace_; }

 private:
  Trace trace_;
};

inline Finding finding_of(FindingCode code, const char* reason, const char* detail) {
  Finding finding;
  finding.code = code;
  finding.reason = reason;
  finding.detail = detail;
  return finding;
}

/// Many steps, then two unordered accesses to `contas[1].saldo`.
inline Trace race_trace(unsigned thread_count = 3, unsigned padding = 200) {
  TraceBuilder builder(thread_count);
  const ObjectId mutex = builder.object(ObjectKind::mutex, 0x1000, "trava");
  const ObjectId account = builder.object(ObjectKind::memory, 0x2000, "contas[1].saldo");
  for (ThreadId id = 1; id < thread_count; ++id) {
    builder.trace().steps[builder.step(0, Operation::create, kNoObject, 20)].event.other = id;
  }
  for (unsigned i = 0; i < padding; ++i) {
    const auto thread = static_cast<ThreadId>(i % thread_count);
    builder.step(thread, i % 2 == 0 ? Operation::lock : Operation::unlock, mutex, 30 + i % 7);
  }
  Finding finding = finding_of(FindingCode::race, "data-race", "");
  finding.thread = 2;
  const std::uint32_t first = builder.step(1, Operation::read, account, 41, 5000, 5000);
  const std::uint32_t second = builder.step(2, Operation::write, account, 42, 5000, 4990);
  for (const std::uint32_t index : {first, second}) {
    const TraceStep& step = builder.trace().steps[index];
    FindingAccess access;
    access.thread = step.event.thread;
    access.operation = step.event.operation;
    access.address = step.event.address;
    access.size = 4;
    access.stack = step.stack;
    access.step = index;
    finding.accesses.push_back(access);
  }
  finding.stack = finding.accesses.back().stack;
  finding.step = second;
  builder.trace().findings.push_back(finding);
  return builder.trace();
}

/// A race on unnamed memory of a heap block.
inline Trace heap_race_trace() {
  Trace trace = race_trace(3, 0);
  for (TraceObject& object : trace.objects) {
    if (object.kind == ObjectKind::memory) object.symbol.clear();
  }
  Finding& finding = trace.findings.front();
  finding.memory = MemoryKind::heap;
  finding.memory_base = 0x2000 - 12;
  finding.memory_size = 48;
  finding.memory_thread = kMainThread;
  finding.memory_stack = 0;  // banco.cpp:20
  return trace;
}

/// T1 frees a block of 48 bytes that main allocated, then T2 reads in it.
inline Trace use_after_free_trace() {
  Trace trace = heap_race_trace();
  Finding& finding = trace.findings.front();
  finding.code = FindingCode::use_after_free;
  finding.reason = "use-after-free";
  finding.accesses[0].operation = Operation::free;
  finding.accesses[0].size = 48;
  finding.accesses[0].address = finding.memory_base;
  finding.accesses[0].step = kNoIndex;
  finding.accesses[1].operation = Operation::read;
  finding.accesses[1].step = kNoIndex;
  return trace;
}

/// T1 reads an account, T2 debits it, T1 writes over that; it ends with status 1.
inline Trace lost_update_trace(bool looks_again = false) {
  TraceBuilder builder(4);
  const ObjectId account = builder.object(ObjectKind::memory, 0x2000, "");
  const ObjectId guard = builder.object(ObjectKind::atomic, 0x3000, "guard variable for cores");
  for (unsigned i = 0; i < 300; ++i) builder.step(3, Operation::read, account, 50, 100, 100);
  builder.step(1, Operation::read, account, 41, 100, 100);
  builder.step(1, Operation::load, guard, 43, 1, 1);
  builder.step(2, Operation::read, account, 41, 100, 100);
  builder.step(2, Operation::write, account, 42, 100, 70);
  if (looks_again) builder.step(1, Operation::read, account, 42, 70, 70);
  builder.step(1, Operation::write, account, 42, 70, 60);
  for (unsigned i = 0; i < 300; ++i) builder.step(3, Operation::yield, kNoObject, 50);
  const std::uint32_t end = builder.step(0, Operation::exit, kNoObject, 99, 0, 1);
  Finding finding = finding_of(FindingCode::exit_status, "exit-status", "1");
  finding.thread = 0;
  finding.step = end;
  builder.trace().findings.push_back(finding);
  return builder.trace();
}

/// Two threads that wait for each other's lock.
inline Trace deadlock_trace() {
  TraceBuilder builder(3);
  const ObjectId a = builder.object(ObjectKind::mutex, 0x1000, "a");
  const ObjectId b = builder.object(ObjectKind::mutex, 0x1040, "b");
  builder.step(1, Operation::lock, a, 10);
  builder.step(2, Operation::lock, b, 20);
  const std::uint32_t first = builder.step(1, Operation::lock, b, 11);
  const std::uint32_t second = builder.step(2, Operation::lock, a, 21);
  Finding finding = finding_of(FindingCode::deadlock, "deadlock-cycle", "");
  for (const std::uint32_t index : {first, second}) {
    const TraceStep& step = builder.trace().steps[index];
    FindingAccess access;
    access.thread = step.event.thread;
    access.operation = Operation::lock;
    access.stack = step.stack;
    access.step = index;
    access.object = step.event.object;
    access.holder = step.event.thread == 1 ? ThreadId{2} : ThreadId{1};
    finding.accesses.push_back(access);
  }
  finding.step = second;
  builder.trace().findings.push_back(finding);
  return builder.trace();
}

/// One thread, whose loop waits for ever: `kitchen` awaits an order; a second task, without a name,
/// awaits something, and a third one has not begun.
inline Trace tasks_trace() {
  TraceBuilder builder(1);
  Trace& trace = builder.trace();
  const ObjectId wake = builder.object(ObjectKind::event, 0x1000, "");
  const ObjectId lock = builder.object(ObjectKind::mutex, 0x1040, "shelf");
  const std::uint32_t serve = builder.stack("serve", 5);
  trace.tasks.push_back({"kitchen", kNoIndex, kMainThread, kNoTask, serve});
  trace.tasks.push_back({"", trace.stacks[serve].front(), kMainThread, 0, serve});
  trace.tasks.push_back({"", kNoIndex, kMainThread, 0, serve});
  const auto note = [&](Operation operation, TaskId task, TaskId other, std::uint32_t line) {
    const std::uint32_t index = builder.step(kMainThread, operation, kNoObject, line);
    trace.steps[index].alternatives = 0;
    trace.steps[index].task = task;
    trace.steps[index].other_task = other;
    return index;
  };
  note(Operation::task_create, kNoTask, 0, 50);
  note(Operation::task_resume, 0, kNoTask, 51);
  note(Operation::task_create, 0, 1, 30);
  note(Operation::task_create, 0, 2, 30);
  trace.steps[builder.step(kMainThread, Operation::lock, lock, 31)].task = 0;
  const std::uint32_t first = note(Operation::task_await, 0, kNoTask, 31);
  trace.steps[first].text = "queue.get";
  note(Operation::task_resume, 1, kNoTask, 51);
  const std::uint32_t second = note(Operation::task_await, 1, kNoTask, 40);
  const std::uint32_t poll = builder.step(kMainThread, Operation::poll, wake, 52);
  Finding finding = finding_of(FindingCode::deadlock, "deadlock-blocked", "");
  FindingAccess thread;
  thread.thread = kMainThread;
  thread.operation = Operation::poll;
  thread.object = wake;
  thread.stack = trace.steps[poll].stack;
  finding.accesses.push_back(thread);
  for (const TaskId task : {0U, 1U, 2U}) {
    FindingAccess waiter;
    waiter.thread = kMainThread;
    waiter.task = task;
    waiter.operation = task == 2 ? Operation::task_create : Operation::task_await;
    waiter.step = task == 0 ? first : task == 1 ? second : kNoIndex;
    waiter.stack = task == 2 ? serve : trace.steps[waiter.step].stack;
    finding.accesses.push_back(waiter);
  }
  finding.thread = kMainThread;
  finding.step = poll;
  trace.findings.push_back(finding);
  return trace;
}

/// The program ends with status 1 after printing.
inline Trace exit_trace() {
  TraceBuilder builder(2);
  const std::uint32_t output = builder.step(1, Operation::output, kNoObject, 77);
  builder.trace().steps[output].text = "ERRO: total 41990\n\x1b[31mvermelho\x1b[0m";
  const std::uint32_t end = builder.step(0, Operation::exit, kNoObject, 99, 0, 1);
  Finding finding = finding_of(FindingCode::exit_status, "exit-status", "1");
  finding.thread = 0;
  finding.step = end;
  finding.stack = builder.trace().steps[end].stack;
  builder.trace().findings.push_back(finding);
  return builder.trace();
}

}  // namespace trama::testing
