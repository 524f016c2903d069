// Calls code without instrumentation: plain_code.cpp.
#include <thread>

extern "C" int plain_add(int* value);

int main() {
  int value = 0;
  std::thread other([&] { plain_add(&value); });
  other.join();
  return plain_add(&value) == 2 ? 0 : 1;
}
