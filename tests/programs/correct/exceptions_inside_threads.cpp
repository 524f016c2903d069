// Exceptions thrown and caught within their threads while others do the same: nested, thrown
// again, leaving frames that hold locks; uncaught_exceptions() is each thread's own.
#include <exception>
#include <mutex>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>

std::mutex mutex;
int inside = 0;

struct Counted {
  Counted() { ++inside; }
  ~Counted() { --inside; }
};

void risky(int number) {
  const std::lock_guard lock(mutex);
  const Counted counted;
  if (number % 2 == 0) throw std::invalid_argument("even " + std::to_string(number));
  throw std::bad_alloc();
}

int work(int number) {
  int caught = 0;
  for (int i = 0; i < 3; ++i) {
    try {
      try {
        risky(number + i);
      } catch (const std::invalid_argument&) {
        std::throw_with_nested(std::runtime_error("outer"));
      }
    } catch (const std::bad_alloc&) {
      ++caught;
    } catch (const std::runtime_error& outer) {
      try {
        std::rethrow_if_nested(outer);
      } catch (const std::invalid_argument& inner) {
        if (std::string(inner.what()).starts_with("even")) ++caught;
      }
    }
    if (std::uncaught_exceptions() != 0) return -1;
  }
  return caught;
}

int main() {
  int caught[2] = {};
  std::thread one([&caught] { caught[0] = work(0); });
  std::thread two([&caught] { caught[1] = work(1); });
  one.join();
  two.join();
  return caught[0] == 3 && caught[1] == 3 && inside == 0 ? 0 : 1;
}
// Expected: nothing
