// Two threads throw and catch: they share nothing that the program could tell.
#include <stdexcept>
#include <thread>

void work() {
  try {
    throw std::runtime_error("mine");
  } catch (const std::exception&) {
  }
}

int main() {
  std::thread other(work);
  work();
  other.join();
}
// Verify rc11: 1
