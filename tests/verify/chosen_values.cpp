// Two threads each try two values: four pairs, whoever is first.
#include <cassert>
#include <thread>

extern "C" __attribute__((weak)) unsigned trama_choose(unsigned count);

int main() {
  unsigned values[2] = {0, 0};
  const auto choose = [&](int me) {
    if (trama_choose != nullptr) values[me] = trama_choose(2);
  };
  std::thread one(choose, 0);
  std::thread two(choose, 1);
  one.join();
  two.join();
  assert(values[0] < 2 && values[1] < 2);
}
// Verify rc11: 4
