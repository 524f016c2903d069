// Memory that is used in another size when all that went before is over: no order is missing.
#include <atomic>
#include <cassert>
#include <cstdint>
#include <thread>

int main() {
  alignas(8) std::uint64_t whole = 0;
  auto* halves = reinterpret_cast<std::uint32_t*>(&whole);
  const auto half = [&](int i) { return std::atomic_ref<std::uint32_t>(halves[i]); };
  std::thread one([&] { half(0).store(1, std::memory_order_relaxed); });
  std::thread two([&] { half(1).store(1, std::memory_order_relaxed); });
  half(1).fetch_add(2, std::memory_order_relaxed);
  one.join();
  two.join();
  const std::uint64_t all = std::atomic_ref<std::uint64_t>(whole).load(std::memory_order_relaxed);
  assert(all == 0x1'00000001 || all == 0x3'00000001);
  std::atomic_ref<std::uint64_t>(whole).store(5, std::memory_order_relaxed);
  std::thread three([&] { assert(half(0).load(std::memory_order_relaxed) == 5); });
  std::thread four([&] { assert(half(1).load(std::memory_order_relaxed) == 0); });
  three.join();
  four.join();
}
// Of the two writes to the second half either may come first.
// Verify rc11: 2
// Verify sc: 2
