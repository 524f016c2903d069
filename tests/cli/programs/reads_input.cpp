// Adds the numbers on standard input; ends with 1 where there are none, 2 where the sum is odd.
#include <iostream>
#include <thread>

int main() {
  int sum = 0;
  int count = 0;
  std::thread reader([&] {
    for (int number = 0; std::cin >> number; ++count) sum += number;
  });
  reader.join();
  if (count == 0) return 1;
  return sum % 2 == 0 ? 0 : 2;
}
