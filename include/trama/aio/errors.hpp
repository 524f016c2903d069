// The exceptions that are asyncio's own. What an operation of the system reports is a
// boost::system::system_error, as everywhere in Asio.
#pragma once

#include <stdexcept>

namespace trama::aio {

/// The task was asked to end; thrown by the await that it is in, or by its next one.
/// Not a std::exception: `catch (const std::exception&)` lets it pass, as Python's
/// `except Exception` does. Who catches it to clean up throws it on.
/// Python: `asyncio.CancelledError`.
class cancelled {
 public:
  [[nodiscard]] const char* what() const noexcept { return "trama::aio: the task was cancelled"; }
};

/// The time given to `timeout` was up. Python: `TimeoutError`.
class timeout_error : public std::runtime_error {
 public:
  timeout_error() : std::runtime_error("trama::aio: the time is up") {}
};

}  // namespace trama::aio
