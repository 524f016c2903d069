// An atomic of eight bytes whose halves others store to: no order between the two.
#include <atomic>
#include <cstdint>
#include <thread>

int main() {
  alignas(8) std::uint64_t whole = 0;
  auto* halves = reinterpret_cast<std::uint32_t*>(&whole);
  std::thread writer([&] { std::atomic_ref<std::uint32_t>(halves[1]).store(1); });
  std::thread reader([&] { static_cast<void>(std::atomic_ref<std::uint64_t>(whole).load()); });
  writer.join();
  reader.join();
}
