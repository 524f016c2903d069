// Coroutines with stacks of their own, switched by hand, in two threads that share a total.
#include <ucontext.h>

#include <cstdlib>
#include <mutex>
#include <thread>
#include <vector>

namespace {

std::mutex mutex;
int total = 0;

/// Yields numbers, from a stack of its own.
class Generator {
 public:
  Generator() : stack_(64 << 10) {
    getcontext(&inside_);
    inside_.uc_stack.ss_sp = stack_.data();
    inside_.uc_stack.ss_size = stack_.size();
    inside_.uc_link = &outside_;
    makecontext(&inside_, reinterpret_cast<void (*)()>(&run), 2, low(this), high(this));
  }
  int next() {
    swapcontext(&outside_, &inside_);
    return value_;
  }

 private:
  static unsigned low(void* p) { return static_cast<unsigned>(reinterpret_cast<unsigned long>(p)); }
  static unsigned high(void* p) {
    return static_cast<unsigned>(reinterpret_cast<unsigned long>(p) >> 32);
  }
  static void run(unsigned low, unsigned high) {
    reinterpret_cast<Generator*>(static_cast<unsigned long>(high) << 32 | low)->body();
  }
  void body() {
    for (int i = 1; i <= 3; ++i) {
      {
        std::lock_guard guard(mutex);
        total += i;
      }
      value_ = i;
      swapcontext(&inside_, &outside_);
    }
  }

  std::vector<char> stack_;
  ucontext_t inside_{};
  ucontext_t outside_{};
  int value_ = 0;
};

void work() {
  Generator generator;
  Generator other;
  int sum = 0;
  for (int i = 0; i < 3; ++i) sum += generator.next() + other.next();
  if (sum != 12) std::abort();
}

}  // namespace

int main() {
  std::thread one(work);
  std::thread two(work);
  one.join();
  two.join();
  return total == 24 ? 0 : 1;
}

// Expected: nothing
