// A static object whose constructor ends the program before main.
#include <cstdlib>
#include <thread>

struct Early {
  Early() { std::exit(7); }
};
Early early;

int main() {
  std::thread([] {}).join();
}
