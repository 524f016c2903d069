// A static object finds its surroundings wanting and ends the process before main.
#include <cstdlib>
#include <thread>

struct Settings {
  int limit = 0;
  Settings() {
    std::thread reader([this] { limit = 3; });
    reader.join();
    if (limit == 3) std::exit(4);
  }
} settings;

int main() { return settings.limit; }

// Expected: EXIT
