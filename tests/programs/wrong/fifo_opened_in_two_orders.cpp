// Two FIFOs, opened in different orders by the two sides: each waits for the other's open.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <thread>

int main() {
  const std::string there = "there.tmp";
  const std::string back = "back.tmp";
  unlink(there.c_str());
  unlink(back.c_str());
  if (mkfifo(there.c_str(), 0600) != 0 || mkfifo(back.c_str(), 0600) != 0) return 1;
  std::thread server([&] {
    const int in = open(there.c_str(), O_RDONLY);  // @server
    const int out = open(back.c_str(), O_WRONLY);
    close(in);
    close(out);
  });
  const int in = open(back.c_str(), O_RDONLY);  // @client
  const int out = open(there.c_str(), O_WRONLY);
  close(in);
  close(out);
  server.join();
  unlink(there.c_str());
  unlink(back.c_str());
  return 0;
}
// Expected: DEADLOCK
//   report: waits for the other end of
//   report: @server
//   report: @client
