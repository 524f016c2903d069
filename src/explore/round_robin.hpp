// Round-robin: each thread takes one step in turn; the next execution gives each two steps
// at a time, then three, and so on. Without chance: a picture of what a fair machine does.
#pragma once

#include "schedule/strategy.hpp"

namespace trama {

class RoundRobin final : public Strategy {
 public:
  [[nodiscard]] const char* name() const override { return "round-robin"; }

  bool begin() override {
    ++quantum_;
    left_ = quantum_;
    return true;
  }

  Alternative choose(const ChoicePoint& point) override {
    if (point.kind != ChoiceKind::thread) return 0;
    Alternative next = 0;
    for (Alternative i = 0; i < point.count; ++i) {
      if (point.threads[i] == point.current && left_ > 1) {
        --left_;
        return i;
      }
      if (point.threads[i] <= point.current) next = i + 1;
    }
    left_ = quantum_;
    return next == point.count ? 0 : next;
  }

 private:
  std::uint64_t quantum_ = 0;
  std::uint64_t left_ = 0;
};

}  // namespace trama
