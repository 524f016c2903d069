// Atomics of every size and order, and every operation: the counts must come out.
#include <atomic>
#include <cstdint>
#include <thread>

std::atomic<std::uint8_t> bytes{250};
std::atomic<std::uint16_t> halves{0};
std::atomic<std::uint32_t> words{0};
std::atomic<std::uint64_t> longs{0};
std::atomic<bool> flag{false};
std::atomic<int*> pointer{nullptr};
std::atomic<double> real{0};
std::atomic_flag gate = ATOMIC_FLAG_INIT;
std::atomic<std::uint32_t> bits{0};
int numbers[4] = {};

void work(unsigned id) {
  bytes.fetch_add(5, std::memory_order_relaxed);
  halves.fetch_sub(1, std::memory_order_acq_rel);
  words.fetch_or(1U << id, std::memory_order_release);
  bits.fetch_xor(3U << id);
  longs += 1;
  for (std::uint64_t old = longs.load(std::memory_order_relaxed); !longs.compare_exchange_weak(
           old, old * 2, std::memory_order_acq_rel, std::memory_order_acquire);) {
  }
  flag.exchange(true);
  pointer.fetch_add(1, std::memory_order_seq_cst);
  real.fetch_add(0.5);
  int* expected = nullptr;
  pointer.compare_exchange_strong(expected, numbers);
  while (gate.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
  ++numbers[0];
  gate.clear(std::memory_order_release);
}

int main() {
  pointer = numbers;
  std::thread one(work, 0U);
  std::thread two(work, 1U);
  one.join();
  two.join();
  if (bytes != static_cast<std::uint8_t>(260) || halves != 0xfffe || words != 3) return 1;
  if (bits.load() != (3U ^ 6U) || !flag || real != 1.0) return 2;
  // 1,2,+1=3,*2=6 or +1,+1=2,*2=4,*2=8
  if (longs != 6 && longs != 8) return 3;
  return pointer == numbers + 2 && numbers[0] == 2 ? 0 : 4;
}
// Expected: nothing
