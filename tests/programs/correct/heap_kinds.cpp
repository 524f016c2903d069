// The heap in all its forms, with big blocks, from several threads.
#include <malloc.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <thread>
#include <vector>

struct alignas(256) Wide {
  char bytes[300];
};

bool aligned(const void* block, std::size_t to) {
  return reinterpret_cast<std::uintptr_t>(block) % to == 0;
}

bool use(unsigned char fill) {
  auto* grown = static_cast<unsigned char*>(std::malloc(10));
  std::memset(grown, fill, 10);
  for (std::size_t size = 20; size < 100000; size *= 3) {
    grown = static_cast<unsigned char*>(std::realloc(grown, size));
    std::memset(grown + 10, fill, size - 10);
  }
  bool right = grown[0] == fill && malloc_usable_size(grown) >= 43740;
  std::free(grown);

  const auto wide = std::make_unique<Wide[]>(3);
  right = right && aligned(wide.get(), 256);
  void* page = nullptr;
  right = right && posix_memalign(&page, 4096, 5000) == 0 && aligned(page, 4096);
  std::free(page);
  void* line = std::aligned_alloc(64, 128);
  right = right && aligned(line, 64);
  std::free(line);
  auto* zeros = static_cast<char*>(std::calloc(1000, 7));
  for (int i = 0; i < 7000; ++i) right = right && zeros[i] == 0;
  std::memset(zeros, fill, 7000);
  std::free(zeros);
  std::free(nullptr);
  try {
    // Called by name: what nobody uses, an optimiser may leave out.
    ::operator delete(::operator new(SIZE_MAX / 4));
    right = false;
  } catch (const std::bad_alloc&) {
  }
  return right;
}

int main() {
  bool right[2] = {};
  std::thread one([&right] { right[0] = use(1); });
  std::thread two([&right] { right[1] = use(2); });
  one.join();
  two.join();
  std::vector<char> big(100U << 20U);  // 100 MB
  big[99U << 20U] = 1;
  return right[0] && right[1] && big.size() == 100U << 20U ? 0 : 1;
}
// Expected: nothing
//   options: --executions 5
