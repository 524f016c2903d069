// C strings that one thread copies while another one compares: libc does both, out of sight.
#include <cstring>
#include <thread>

char name[32] = "nobody";
const char* volatile given = "somebody else";

int main() {
  std::thread writer([] {
    std::strcpy(name, given);  // @write
  });
  const bool same = std::strcmp(name, given) == 0;  // @read
  writer.join();
  return same && name[0] == 'n' ? 1 : 0;
}
// Expected: RACE
//   report: @write
//   report: @read
