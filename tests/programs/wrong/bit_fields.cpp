// Two bit-fields side by side are one memory location.
#include <thread>

struct Flags {
  unsigned open : 4;
  unsigned full : 4;
};

Flags flags;

int main() {
  std::thread one([] { flags.open = 1; });  // @open
  std::thread two([] { flags.full = 1; });  // @full
  one.join();
  two.join();
  return flags.open == 1 && flags.full == 1 ? 0 : 1;
}
// Expected: RACE, EXIT?
//   report: @open
//   report: @full
