// An ordinary program: two threads, a lock. Built with the targets of the installed package, it
// must link to Trama's runtime and run without Trama.
#include <cstdio>
#include <mutex>
#include <thread>

#ifdef TRAMA_TOOL
#include <iostream>
#include <trama/check.hpp>
#include <trama/queue.hpp>
#endif

int main() {
  std::mutex mutex;
  int count = 0;
  const auto work = [&] {
    const std::lock_guard lock(mutex);
    ++count;
  };
  std::thread first(work);
  std::thread second(work);
  first.join();
  second.join();
#ifdef TRAMA_TOOL
  // Linked to Trama::check: functions of it are explored, and what is found is told with lines.
  std::printf("tool: %s\n", TRAMA_TOOL);
  const auto right = trama::check([] {
    trama::queue<int> queue;
    std::thread producer([&] { queue.put(1); });
    trama::expect(queue.get() == 1);
    producer.join();
  });
  std::cout << right;
  const auto wrong = trama::check([] {
    int shared = 0;
    std::thread other([&] { ++shared; });
    ++shared;
    other.join();
  });
  std::cout << wrong;
  const bool told = wrong.findings.size() == 1 && wrong.findings[0].code == "RACE" &&
                    wrong.text().find("consumer.cpp") != std::string::npos;
  if (!right.ok() || !told) return 1;
#endif
  std::printf("count: %d\n", count);
  return count == 2 ? 0 : 1;
}
