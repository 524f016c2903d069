// A thread locks the mutex of an object that another one has deleted.
#include <atomic>
#include <mutex>
#include <thread>

struct Service {
  std::mutex gate;
  int calls = 0;
};

int main() {
  auto* service = new Service;
  std::atomic<bool> closed{false};
  std::thread caller([service, &closed] {
    if (!closed.load()) {
      service->gate.lock();  // @use
      service->gate.unlock();
    }
  });
  closed.store(true);
  delete service;  // @free
  caller.join();
}
// Expected: USE-AFTER-FREE
//   report: @free
//   report: @use
