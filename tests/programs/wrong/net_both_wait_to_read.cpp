// Each side waits for the other to speak first.
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
  if (listen(listener, 1) != 0) return 2;
  std::thread client([&] {
    const int own = socket(AF_INET, SOCK_STREAM, 0);
    connect(own, reinterpret_cast<sockaddr*>(&at), sizeof at);
    char greeting = 0;
    if (read(own, &greeting, 1) == 1) write(own, "hello", 5);  // @client
    close(own);
  });
  const int connection = accept(listener, nullptr, nullptr);
  char word[5];
  if (read(connection, word, sizeof word) > 0) write(connection, "!", 1);  // @server
  client.join();
  return 0;
}

// Expected: DEADLOCK
//   report: @client
//   report: @server
