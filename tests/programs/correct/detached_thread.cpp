// A detached thread that owns what it uses; main waits for its last word, not for its end.
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

struct Mailbox {
  std::mutex mutex;
  std::condition_variable changed;
  std::string letter;
};

int main() {
  const auto mailbox = std::make_shared<Mailbox>();
  std::thread([mailbox] {
    const std::lock_guard lock(mailbox->mutex);
    mailbox->letter = "done";
    mailbox->changed.notify_one();
  }).detach();
  std::unique_lock lock(mailbox->mutex);
  mailbox->changed.wait(lock, [&mailbox] { return !mailbox->letter.empty(); });
  return mailbox->letter == "done" ? 0 : 1;
}
// Expected: nothing
