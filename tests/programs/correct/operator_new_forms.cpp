// Every form of new and delete, and memory that is exhausted: a handler is asked, then
// std::bad_alloc comes. In a program that is linked with -static-libstdc++ the operators are
// Trama's, the exception its own library's.
#include <cassert>
#include <cstdint>
#include <new>
#include <thread>

namespace {

struct alignas(128) Line {
  char bytes[128];
};
bool is_aligned(const void* block) { return reinterpret_cast<std::uintptr_t>(block) % 128 == 0; }

int handled = 0;

template <typename Allocate>
bool throws(Allocate allocate) {
  try {
    allocate();
  } catch (const std::bad_alloc&) {
    return true;
  }
  return false;
}

}  // namespace

int main() {
  std::thread other([] {
    delete new int(1);
    delete[] new int[3];
    delete new (std::nothrow) int(1);
  });
  Line* line = new Line;
  Line* lines = new Line[3];
  Line* quiet = new (std::nothrow) Line;
  assert(is_aligned(line) && is_aligned(lines) && is_aligned(quiet));
  delete line;
  delete[] lines;
  delete quiet;
  ::operator delete(::operator new(0));

  volatile std::size_t huge = std::size_t{1} << 62U;
  assert(::operator new(huge, std::nothrow) == nullptr);
  assert(::operator new[](huge, std::align_val_t{64}, std::nothrow) == nullptr);
  assert(throws([&] { return ::operator new[](huge); }));
  std::set_new_handler([] {
    if (++handled == 3) std::set_new_handler(nullptr);
  });
  assert(throws([&] { return ::operator new (huge, std::align_val_t{64}); }));
  assert(handled == 3);
  other.join();
}
// Expected: nothing
