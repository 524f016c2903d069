// An event loop on epoll: bytes from a socket, work posted through an eventfd, a waiting time.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

class Loop {
 public:
  Loop() : set_(epoll_create1(EPOLL_CLOEXEC)), wake_(eventfd(0, EFD_NONBLOCK)) { watch(wake_); }
  ~Loop() {
    close(wake_);
    close(set_);
  }
  void watch(int descriptor) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    epoll_ctl(set_, EPOLL_CTL_ADD, descriptor, &event);
  }
  void post(std::function<void()> job) {
    {
      std::lock_guard lock(mutex_);
      jobs_.push_back(std::move(job));
    }
    const std::uint64_t one = 1;
    (void)!write(wake_, &one, sizeof one);
  }
  void stop() {
    post([this] { stopped_ = true; });
  }
  void run(int descriptor, std::string& text) {
    while (!stopped_) {
      epoll_event events[4];
      const int count = epoll_wait(set_, events, 4, 1000);
      for (int i = 0; i < count; ++i) {
        if (events[i].data.fd == descriptor) {
          char bytes[16];
          const ssize_t size = recv(descriptor, bytes, sizeof bytes, MSG_DONTWAIT);
          if (size > 0) text.append(bytes, static_cast<std::size_t>(size));
          if (size == 0) epoll_ctl(set_, EPOLL_CTL_DEL, descriptor, nullptr);
        } else {
          std::uint64_t posted = 0;
          (void)!read(wake_, &posted, sizeof posted);
          std::vector<std::function<void()>> jobs;
          {
            std::lock_guard lock(mutex_);
            jobs.swap(jobs_);
          }
          for (auto& job : jobs) job();
        }
      }
    }
  }

 private:
  int set_;
  int wake_;
  std::mutex mutex_;
  std::vector<std::function<void()>> jobs_;
  bool stopped_ = false;
};

int message = 0;  // ordered by the bytes alone

int main() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return 9;
  Loop loop;
  loop.watch(ends[0]);
  std::string text;
  int sum = 0;
  std::thread server([&] { loop.run(ends[0], text); });
  std::thread client([&] {
    message = 5;
    send(ends[1], "hello", 5, 0);
    loop.post([&] { sum += message; });
  });
  loop.post([&] { sum += 10; });
  client.join();
  loop.stop();
  server.join();
  while (text.size() < 5) {
    char byte = 0;
    if (recv(ends[0], &byte, 1, MSG_DONTWAIT) != 1) return 3;
    text += byte;
  }
  close(ends[0]);
  close(ends[1]);

  const int set = epoll_create1(0);
  epoll_event none;
  const int count = epoll_wait(set, &none, 1, 5);
  close(set);
  return text == "hello" && sum == 15 && count == 0 ? 0 : 1;
}

// Expected: nothing
