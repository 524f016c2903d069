// The counters of leaks.hpp, and that they see what they are for.
#include "leaks.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {
std::atomic<std::size_t> blocks = 0;
}

void* operator new(std::size_t size) {
  void* const block = std::malloc(size);
  if (block == nullptr) throw std::bad_alloc();
  ++blocks;
  return block;
}
void operator delete(void* block) noexcept {
  if (block == nullptr) return;
  --blocks;
  std::free(block);
}
void operator delete(void* block, std::size_t) noexcept { operator delete(block); }

namespace aio_test {

std::size_t live_blocks() { return blocks; }

std::size_t open_descriptors() {
  std::size_t count = 0;
  DIR* const folder = ::opendir("/proc/self/fd");
  while (::readdir(folder) != nullptr) ++count;
  ::closedir(folder);
  return count;
}

TEST(Leaks, AreSeen) {
  const std::size_t before = live_blocks();
  int* const block = new int(1);
  EXPECT_EQ(live_blocks(), before + 1);
  delete block;
  EXPECT_EQ(live_blocks(), before);

  const std::size_t descriptors = open_descriptors();
  const int fd = ::open("/dev/null", O_RDONLY);
  EXPECT_EQ(open_descriptors(), descriptors + 1);
  ::close(fd);
}

}  // namespace aio_test
