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
  const Invocation& invocation_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  bool active_ = false;
  bool shown_ = false;
};

}  // namespace trama
