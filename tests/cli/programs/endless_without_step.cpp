// A loop in which nothing happens that anybody could see.
#include <thread>

int main() {
  std::thread idle([] {
    for (volatile int never = 0; never == 0;) {
    }
  });
  idle.join();
}
