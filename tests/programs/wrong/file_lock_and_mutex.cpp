// flock is taken on two descriptors of one file in different orders with a mutex: a deadlock.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <mutex>
#include <thread>

int main() {
  const int first = open("locked.tmp", O_RDWR | O_CREAT, 0600);
  const int second = open("locked.tmp", O_RDWR);
  if (first < 0 || second < 0) return 1;
  unlink("locked.tmp");
  std::mutex mutex;
  std::thread one([&] {
    const std::scoped_lock lock(mutex);
    flock(first, LOCK_EX);  // @file
    flock(first, LOCK_UN);
  });
  std::thread two([&] {
    flock(second, LOCK_EX);
    const std::scoped_lock lock(mutex);  // @mutex
    flock(second, LOCK_UN);
  });
  one.join();
  two.join();
  return 0;
}
// Expected: DEADLOCK
//   report: waits for locked.tmp
//   report: @file
//   report: @mutex
