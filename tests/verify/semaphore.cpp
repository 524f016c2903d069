// Producer and consumer around a buffer of one: the semaphores leave a single order.
#include <semaphore.h>

#include <cassert>
#include <thread>

int main() {
  sem_t room;
  sem_t items;
  sem_init(&room, 0, 1);
  sem_init(&items, 0, 0);
  int buffer = 0;
  std::thread producer([&] {
    for (int i = 1; i <= 2; ++i) {
      sem_wait(&room);
      buffer = i;
      sem_post(&items);
    }
  });
  for (int i = 1; i <= 2; ++i) {
    sem_wait(&items);
    assert(buffer == i);
    sem_post(&room);
  }
  producer.join();
}
// Verify rc11: verified
