// QuietStreams: for as long as one lives, what the program prints goes nowhere.
#pragma once

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/rewind.hpp"
#include "runtime/syscall.hpp"

namespace trama::runtime {

/// While an execution is only repeated, its output goes nowhere.
class QuietStreams {
 public:
  QuietStreams() {
    const int nowhere =
        static_cast<int>(raw_syscall(SYS_open, reinterpret_cast<long>("/dev/null"), O_WRONLY));
    for (int i = 1; i <= 2; ++i) {
      kept_[i] = keep_own(i);
      if (nowhere >= 0) raw_syscall(SYS_dup2, nowhere, i);
    }
    if (nowhere >= 0) raw_syscall(SYS_close, nowhere);
  }
  ~QuietStreams() {
    for (int i = 1; i <= 2; ++i) {
      if (kept_[i] < 0) continue;
      raw_syscall(SYS_dup2, kept_[i], i);
      close_own(kept_[i]);
    }
  }
  QuietStreams(const QuietStreams&) = delete;
  QuietStreams& operator=(const QuietStreams&) = delete;

 private:
  int kept_[3] = {-1, -1, -1};
};

}  // namespace trama::runtime
