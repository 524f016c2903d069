// SavedSchedule: a copy of a schedule that outlives the next execution.
#pragma once

#include <cstdint>
#include <vector>

#include "schedule/schedule.hpp"

namespace trama::runtime {

class SavedSchedule {
 public:
  explicit SavedSchedule(const Schedule& schedule)
      : answers_(schedule.data(), schedule.data() + schedule.size()),
        schedule_(answers_.data(), answers_.size()) {
    schedule_.resize(answers_.size());
  }
  SavedSchedule(const SavedSchedule&) = delete;
  SavedSchedule& operator=(const SavedSchedule&) = delete;
  [[nodiscard]] const Schedule& get() const { return schedule_; }
  /// Writes the answers back: a run that was stopped in its middle has left fewer.
  void give_back(Schedule& schedule) const {
    schedule.clear();
    for (const std::uint16_t answer : answers_) schedule.push(answer);
  }

 private:
  std::vector<std::uint16_t> answers_;
  Schedule schedule_;
};

/// Memory for a schedule of up to `step_count_max` steps, shared with forked processes.
Schedule map_schedule(std::uint64_t step_count_max);

}  // namespace trama::runtime
