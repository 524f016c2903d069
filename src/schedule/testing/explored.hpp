// For tests: all executions of a program on the Scheduler, and what was seen of them.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "schedule/testing/exhaustive.hpp"
#include "schedule/testing/program.hpp"

namespace trama::testing {

struct Explored {
  std::set<Ending> endings;
  std::set<std::vector<ThreadId>> orders;  // who took the steps, in turn, starts left out
  std::set<std::uint64_t> fingerprints;
  std::set<std::string> structures;                        // what a fingerprint is a hash of
  std::set<std::pair<std::string, std::uint64_t>> hashed;  // structure and fingerprint
  std::uint64_t execution_count = 0;
  std::uint64_t raced_count = 0;
};

/// The steps of each thread, and in which order threads came to each object.
inline std::string structure_of(const std::vector<Heard>& heard, const ObjectTable& table) {
  std::map<std::uint64_t, std::string> lines;
  for (const Heard& step : heard) {
    const Event& event = step.event;
    std::string what = std::string(to_text(event.operation)) + std::to_string(event.thread) + "," +
                       std::to_string(static_cast<int>(event.outcome)) + "," +
                       std::to_string(event.other);
    if (event.operation == Operation::choose) what += "," + std::to_string(event.after);
    what += ";";
    lines[event.thread] += what;
    if (event.address != 0) lines[event.address] += what;
    if (event.mutex != kNoObject) lines[table[event.mutex].address] += what;
  }
  std::string text;
  for (const auto& [place, line] : lines) text += line + "|";
  return text;
}

inline Explored explore(const Program& program) {
  Interpreter interpreter;
  interpreter.listening = true;
  Exhaustive strategy;
  Explored all;
  while (strategy.begin()) {
    all.endings.insert(interpreter.run(program, strategy));
    ++all.execution_count;
    if (!interpreter.races.empty()) ++all.raced_count;
    all.fingerprints.insert(interpreter.scheduler.fingerprint());
    const std::string structure = structure_of(interpreter.heard, interpreter.scheduler.objects());
    all.structures.insert(structure);
    all.hashed.emplace(structure, interpreter.scheduler.fingerprint());
    std::vector<ThreadId> order;
    for (const Heard& step : interpreter.heard) {
      const Operation what = step.event.operation;
      if (what == Operation::start || what == Operation::create || what == Operation::finish) {
        continue;
      }
      order.push_back(step.event.thread);
    }
    all.orders.insert(order);
  }
  return all;
}

inline bool may_end(const Explored& all, EndReason reason) {
  for (const Ending& ending : all.endings) {
    if (ending.end == reason) return true;
  }
  return false;
}

inline std::string to_text(const std::set<Ending>& endings) {
  std::string text;
  for (const Ending& ending : endings) text += to_text(ending) + "\n";
  return text;
}

}  // namespace trama::testing
