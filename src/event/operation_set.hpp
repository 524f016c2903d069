// OperationSet: operations of which something holds, fixed when the program is compiled.
#pragma once

#include <array>
#include <initializer_list>

#include "event/operation.hpp"

namespace trama {

class OperationSet {
 public:
  constexpr OperationSet(std::initializer_list<Operation> members) {
    for (const Operation one : members) holds_[static_cast<unsigned>(one)] = true;
  }
  [[nodiscard]] constexpr OperationSet with(Operation operation) const {
    OperationSet more = *this;
    more.holds_[static_cast<unsigned>(operation)] = true;
    return more;
  }
  [[nodiscard]] constexpr bool contains(Operation operation) const {
    return holds_[static_cast<unsigned>(operation)];
  }

 private:
  std::array<bool, 256> holds_{};
};

}  // namespace trama
