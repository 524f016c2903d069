// What goes through one pipe and what goes through another are in no order: one execution.
#include <unistd.h>

#include <thread>

namespace {

void send(int end, int count) {
  for (char byte = 0; byte < count; ++byte) {
    if (write(end, &byte, 1) != 1) _exit(2);
  }
}

}  // namespace

int main() {
  int one[2];
  int other[2];
  if (pipe(one) != 0 || pipe(other) != 0) return 1;
  std::thread left(send, one[1], 3);
  std::thread right(send, other[1], 3);
  left.join();
  right.join();
  char bytes[3];
  return read(one[0], bytes, 3) == 3 && read(other[0], bytes, 3) == 3 ? 0 : 3;
}
// Verify rc11: 1
