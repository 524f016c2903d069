// The initialiser of a static waits for a thread that needs the very static.
#include <thread>

struct Settings {
  int value = 0;
};

Settings make();

Settings& settings() {
  static Settings it = make();  // @static
  return it;
}

Settings make() {
  Settings made;
  std::thread loader([&made] { made.value = settings().value + 1; });
  loader.join();  // @join
  return made;
}

int main() { return settings().value == 1 ? 0 : 1; }
// Expected: DEADLOCK
//   report: @static
//   report: @join
