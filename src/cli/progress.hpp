// The line that moves while a hunt works; on a terminal only, erased at its end.
#pragma once

#include <chrono>

#include "cli/arguments.hpp"
#include "trace/session.hpp"

namespace trama {

class Progress {
 public:
  /// Shows nothing unless stderr is a terminal.
  explicit Progress(const Invocation& invocation);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(const ControlBlock& control);

 private:
  void show_exploration(const ControlBlock& control);
  void print(const std::string& line);

  const Invocation& invocation_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double first_explored_ = -1;
  double first_seconds_ = 0;
  std::uint64_t first_executions_ = 0;
  bool active_ = false;
  bool shown_ = false;
};

}  // namespace trama
