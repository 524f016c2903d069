// Static objects: made before main, destroyed after it in reverse order, with atexit handlers
// in between; a thread that a static object owns is joined by its destructor.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

std::string steps;

struct Last {  // destroyed last: looks whether all came in order
  ~Last() {
    if (steps != "ctor main handler worker dtor ") std::_Exit(1);
    std::puts("in order");
  }
};
Last last;

struct Service {
  std::atomic<bool> stop{false};
  std::thread worker;
  Service() {
    steps += "ctor ";
    worker = std::thread([this] {
      while (!stop) std::this_thread::yield();
      steps += "worker ";
    });
  }
  ~Service() {
    stop = true;
    worker.join();
    steps += "dtor ";
  }
};

Service& service() {
  static Service only;
  return only;
}

int main() {
  service();
  std::atexit([] { steps += "handler "; });
  steps += "main ";
}
// Expected: nothing
