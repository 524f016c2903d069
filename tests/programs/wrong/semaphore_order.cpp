// Two threads take two semaphores in opposite orders.
#include <semaphore.h>

#include <thread>

sem_t left_fork;
sem_t right_fork;

void eat(sem_t* one, sem_t* other) {
  sem_wait(one);
  sem_wait(other);  // @second
  sem_post(other);
  sem_post(one);
}

int main() {
  sem_init(&left_fork, 0, 1);
  sem_init(&right_fork, 0, 1);
  std::thread ana(eat, &left_fork, &right_fork);
  std::thread bia(eat, &right_fork, &left_fork);
  ana.join();
  bia.join();
}
// Expected: DEADLOCK
//   report: @second
