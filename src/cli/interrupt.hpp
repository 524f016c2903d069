// Ctrl-C and SIGTERM while a program runs: counted, never fatal.
#pragma once

namespace trama {

/// From its construction to its end the two signals are only counted; system calls that
/// wait are interrupted by them.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  /// How often one of them has come.
  static int count();
};

}  // namespace trama
