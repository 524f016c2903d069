// A web server for tests: in this process, on threads and plain sockets, sharing no code with what
// is tested. It says what it is told to, byte for byte, HTTP or not.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

/// One client. Its socket is closed when the answer is given.
class Client {
 public:
  explicit Client(int fd) : fd_(fd) {}

  /// False when the client has gone.
  bool say(std::string_view text) {
    while (!text.empty()) {
      const ssize_t sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// Until the client says something more, or leaves.
  void wait_for_client() {
    char byte = 0;
    static_cast<void>(::recv(fd_, &byte, 1, 0));
  }

  /// The request's header, up to its empty line.
  std::string read_request() {
    std::string request;
    char byte = 0;
    while (!request.ends_with("\r\n\r\n") && ::recv(fd_, &byte, 1, 0) == 1) request += byte;
    return request;
  }

 private:
  int fd_;
};

/// Listens on a port of its own at 127.0.0.1; `answer` runs on one thread for each client.
class LocalServer {
 public:
  using Answer = std::function<void(Client&, const std::string& request)>;

  explicit LocalServer(Answer answer) : answer_(std::move(answer)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, any, size) != 0 || ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, any, &size) != 0) {
      throw std::runtime_error("no local server");
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }

  ~LocalServer() {
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    for (std::thread& thread : threads_) thread.join();
    ::close(listener_);
  }

  std::string url(const std::string& target) const {
    return "http://127.0.0.1:" + std::to_string(port_) + target;
  }

  int port() const { return port_; }

  /// Said to each client before it has asked for anything. To be called before the first comes.
  void greet(std::string greeting) { greeting_ = std::move(greeting); }

 private:
  void accept_all() {
    for (;;) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) return;
      threads_.emplace_back([this, fd] {
        Client client(fd);
        client.say(greeting_);
        const std::string request = client.read_request();
        answer_(client, request);
        ::close(fd);
      });
    }
  }

  Answer answer_;
  std::string greeting_;
  int listener_ = -1;
  int port_ = 0;
  std::thread acceptor_;
  std::vector<std::thread> threads_;  // of acceptor_, and of the destructor after it
};
