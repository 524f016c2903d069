// Races that the program declares benign, accesses that it asks to ignore, orders that it draws.
#include <atomic>
#include <cstddef>
#include <cstring>
#include <thread>

extern "C" {
void AnnotateBenignRaceSized(const char*, int, const volatile void*, std::size_t, const char*);
void AnnotateIgnoreReadsBegin(const char*, int);
void AnnotateIgnoreReadsEnd(const char*, int);
void AnnotateIgnoreWritesBegin(const char*, int);
void AnnotateIgnoreWritesEnd(const char*, int);
void AnnotateHappensBefore(const char*, int, const volatile void*);
void AnnotateHappensAfter(const char*, int, const volatile void*);
}

namespace {

struct Statistics {
  int hits;
  char text[16];
};
Statistics statistics;
const struct Declare {
  Declare() { AnnotateBenignRaceSized("", 0, &statistics, sizeof statistics, "statistics"); }
} declare;

int guessed = 0;
int message = 0;
std::atomic<bool> ready{false};

void count() {
  ++statistics.hits;
  std::memset(statistics.text, 'x', sizeof statistics.text);
}

void guess() {
  AnnotateIgnoreReadsBegin("", 0);
  AnnotateIgnoreWritesBegin("", 0);
  ++guessed;
  AnnotateIgnoreWritesEnd("", 0);
  AnnotateIgnoreReadsEnd("", 0);
}

}  // namespace

int main() {
  int local = 0;
  AnnotateBenignRaceSized("", 0, &local, sizeof local, "a local");
  std::thread other([&] {
    count();
    guess();
    ++local;
    message = 42;
    AnnotateHappensBefore("", 0, &ready);
    ready.store(true, std::memory_order_relaxed);
  });
  count();
  guess();
  ++local;
  while (!ready.load(std::memory_order_relaxed)) std::this_thread::yield();
  AnnotateHappensAfter("", 0, &ready);
  const int read = message;
  other.join();
  return read == 42 ? 0 : 1;
}

// Expected: nothing
