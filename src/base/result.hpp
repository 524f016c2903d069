// Result<T>: a value, or a sentence that says what went wrong and what to do.
//
// For operating errors (no such file, wrong version, unusable option): they are
// expected, so they are values. Findings are values of their own kind, and bugs of
// ours are CHECKs (see check.hpp); the three are never mixed.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "base/check.hpp"

namespace trama {

/// One line for a person: what is wrong, and what to do about it.
struct Error {
  std::string message;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  /// Requires: ok().
  T& value() {
    TRAMA_CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  const T& value() const {
    TRAMA_CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  /// Requires: !ok().
  [[nodiscard]] const Error& error() const {
    TRAMA_CHECK(!ok());
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Error> state_;
};

}  // namespace trama
