// Opening a FIFO waits for the other end, whoever comes first.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <thread>

int main() {
  const std::string path = "fifo.tmp";
  unlink(path.c_str());
  if (mkfifo(path.c_str(), 0600) != 0) return 1;
  int before = 0;
  std::thread writer([&] {
    before = 3;
    const int end = open(path.c_str(), O_WRONLY);
    if (end < 0 || write(end, "hello\n", 6) != 6) _exit(2);
    close(end);
  });
  const int end = open(path.c_str(), O_RDONLY);
  if (end < 0) return 3;
  char text[16] = {};
  if (read(end, text, sizeof text) != 6 || before != 3) return 4;
  if (read(end, text, sizeof text) != 0) return 5;
  close(end);
  writer.join();
  unlink(path.c_str());
  return 0;
}
// Expected: nothing
