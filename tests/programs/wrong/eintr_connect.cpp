// A connect that a signal breaks off is no refusal: the connection is made all the same, and the
// server waits for what nobody sends there.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

int main() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(8080);
  if (bind(listener, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) return 1;
  if (listen(listener, 4) != 0) return 2;
  int first = -1;
  std::thread client([&] {
    first = socket(AF_INET, SOCK_STREAM, 0);
    int own = first;
    while (connect(own, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) {  // @connect
      own = socket(AF_INET, SOCK_STREAM, 0);  // the first stays open: it is connected
    }
    if (write(own, "x", 1) != 1) _exit(0);
    if (own != first) close(own);
  });
  const int connection = accept(listener, nullptr, nullptr);
  if (connection < 0) _exit(0);
  char byte = 0;
  const ssize_t got = read(connection, &byte, 1);  // @read
  if (got < 0) _exit(0);
  client.join();
  return 0;
}

// Expected: DEADLOCK
//   options: --io-faults=1,eintr
//   report: @connect
//   report: binds 0.0.0.0:8080
//   report: listens at 0.0.0.0:8080
//   report: @read
//   report: EINTR (injected)
