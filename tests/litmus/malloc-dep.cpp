// malloc-dep: memory that a thread allocates and writes stays its own, whatever the order of two
// increments.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <thread>

struct Student {
  void* data;
};

std::atomic<int> count{0};
int r1;
int r2;

// Returns what count was before.
int fill(Student** student) {
  void* data = std::malloc(sizeof(void*));
  *student = static_cast<Student*>(std::malloc(sizeof(Student)));
  const int before = count.fetch_add(1, std::memory_order_relaxed);
  (*student)->data = data;
  return before;
}

int main() {
  Student* students[2] = {nullptr, nullptr};
  std::thread one([&] { r1 = fill(&students[0]); });
  std::thread two([&] { r2 = fill(&students[1]); });
  one.join();
  two.join();
  for (Student* student : students) {
    std::free(student->data);
    std::free(student);
  }
  std::printf("r1=%d r2=%d\n", r1, r2);
}
// Executions: rc11 2, sc 2, tso 2
// Allowed rc11: r1=0 r2=1; r1=1 r2=0
// Forbidden rc11: r1=0 r2=0
