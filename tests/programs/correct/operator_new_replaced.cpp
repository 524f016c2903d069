// A program with operators new and delete of its own: they serve all forms that it has not
// replaced, and nobody else's memory.
#include <atomic>
#include <cassert>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <thread>

namespace {
std::atomic<int> made{0};
std::atomic<int> gone{0};
}  // namespace

void* operator new(std::size_t size) {
  ++made;
  void* block = std::malloc(size);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}
void operator delete(void* block) noexcept {
  if (block != nullptr) ++gone;
  std::free(block);
}
void operator delete(void* block, std::size_t) noexcept { ::operator delete(block); }

int main() {
  // Calls, because the compiler may leave out what `new` and `delete` would call.
  ::operator delete[](::operator new[](3));
  assert(made == 1 && gone == 1);
  ::operator delete(::operator new(7, std::nothrow));
  assert(made == 2 && gone == 2);

  std::mutex mutex;
  std::map<std::string, int> shared;
  const auto work = [&](int number) {
    auto value = std::make_unique<int>(number);
    const std::lock_guard lock(mutex);
    shared["a name that is too long for a short string" + std::to_string(number)] = *value;
  };
  std::thread first(work, 1);
  std::thread second(work, 2);
  first.join();
  second.join();
  shared.clear();
  assert(made == gone);
}
// Expected: nothing
