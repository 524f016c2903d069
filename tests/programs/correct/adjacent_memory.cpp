// Different memory locations in one word are different: neighbouring chars, bit-fields on both
// sides of a zero-width one, elements of an array, halves of a struct.
#include <cstdint>
#include <cstring>
#include <thread>

struct Packed {
  char a = 0;
  char b = 0;
  std::uint16_t c = 0;
  unsigned low : 8;
  unsigned : 0;
  unsigned high : 8;
};

Packed packed;
char letters[8];
bool flags[8];

int main() {
  packed.low = 0;
  packed.high = 0;
  std::thread one([] {
    for (int i = 0; i < 4; ++i) {
      packed.a = static_cast<char>(i);
      packed.low = static_cast<unsigned char>(i);
      letters[0] = 'x';
      flags[3] = true;
      std::memset(letters + 2, 'm', 3);
    }
  });
  std::thread two([] {
    for (int i = 0; i < 4; ++i) {
      packed.b = static_cast<char>(i);
      packed.c = static_cast<std::uint16_t>(i);
      packed.high = static_cast<unsigned char>(i);
      letters[1] = 'y';
      flags[4] = true;
      std::memset(letters + 5, 'n', 3);
    }
  });
  one.join();
  two.join();
  const bool kept = packed.a == 3 && packed.b == 3 && packed.c == 3 && packed.low == 3 &&
                    packed.high == 3 && flags[3] && flags[4];
  return kept && std::memcmp(letters, "xymmmnnn", 8) == 0 ? 0 : 1;
}
// Expected: nothing
