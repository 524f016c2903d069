// Unix sockets by name: a stream, a datagram by path and one by an abstract name.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <thread>

namespace {

constexpr char kPath[] = "/tmp/trama-test-chat.sock";

sockaddr_un named(const char* path) {
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  std::strcpy(at.sun_path, path);
  return at;
}

}  // namespace

int main() {
  unlink(kPath);
  sockaddr_un at = named(kPath);
  const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  if (bind(listener, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) return 1;
  if (listen(listener, 1) != 0) return 2;
  std::thread guest([&] {
    const int client = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(client, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) return;
    char text[8] = {};
    if (read(client, text, 2) == 2 && std::strcmp(text, "hi") == 0) write(client, "bye", 3);
    close(client);
  });
  const int connection = accept(listener, nullptr, nullptr);
  write(connection, "hi", 2);
  char text[8] = {};
  const bool right = recv(connection, text, 3, MSG_WAITALL) == 3 && read(connection, text, 3) == 0;
  guest.join();
  close(connection);
  close(listener);
  // The name stays until it is removed.
  const int again = socket(AF_UNIX, SOCK_STREAM, 0);
  if (bind(again, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0 || errno != EADDRINUSE) {
    return 3;
  }
  if (connect(again, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0 || errno != ECONNREFUSED) {
    return 4;
  }
  if (unlink(kPath) != 0) return 5;
  if (connect(again, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0 || errno != ENOENT) return 6;

  const int post = socket(AF_UNIX, SOCK_DGRAM, 0);
  sockaddr_un box{};
  box.sun_family = AF_UNIX;
  std::memcpy(box.sun_path, "\0box", 4);
  const socklen_t size = offsetof(sockaddr_un, sun_path) + 4;
  if (bind(post, reinterpret_cast<sockaddr*>(&box), size) != 0) return 7;
  const int sender = socket(AF_UNIX, SOCK_DGRAM, 0);
  if (connect(sender, reinterpret_cast<sockaddr*>(&box), size) != 0) return 8;
  int letters = 0;
  std::thread writer([&] {
    for (int i = 0; i < 5; ++i) send(sender, &i, sizeof i, 0);
  });
  for (int i = 0; i < 5; ++i) {
    int number = -1;
    if (recv(post, &number, sizeof number, 0) == sizeof number && number == i) ++letters;
  }
  writer.join();
  return right && letters == 5 ? 0 : 9;
}

// Expected: nothing
