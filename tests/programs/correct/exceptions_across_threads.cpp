// An exception with a std::string inside travels through futures and exception_ptr to several
// threads; whoever lets go of it last destroys it.
#include <exception>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

class TransferError : public std::runtime_error {
 public:
  TransferError(const std::string& account, int amount)
      : std::runtime_error("no money in " + account), account_(account), amount_(amount) {}
  [[nodiscard]] const std::string& account() const { return account_; }
  [[nodiscard]] int amount() const { return amount_; }

 private:
  std::string account_;
  int amount_;
};

std::size_t look(const std::shared_future<void>& future) {
  try {
    future.get();
  } catch (const TransferError& error) {
    return error.account().size() + std::string(error.what()).size();
  }
  return 0;
}

int main() {
  std::size_t seen[3] = {};
  {
    std::shared_future<void> failed =
        std::async(std::launch::async, [] {
          throw TransferError("an account with a name too long for the small string", 12);
        }).share();
    std::vector<std::thread> readers;
    for (std::size_t& size : seen) {
      readers.emplace_back([failed, &size] { size = look(failed); });
    }
    failed = {};
    for (std::thread& reader : readers) reader.join();
  }
  if (seen[0] != 116 || seen[1] != seen[0] || seen[2] != seen[0]) return 1;

  std::exception_ptr kept;
  std::thread thrower([&kept] {
    try {
      throw TransferError("savings", 3);
    } catch (...) {
      kept = std::current_exception();
    }
  });
  thrower.join();
  int amounts[2] = {};
  std::vector<std::thread> rethrowers;
  for (int& amount : amounts) {
    rethrowers.emplace_back([copy = kept, &amount] {
      try {
        std::rethrow_exception(copy);
      } catch (const TransferError& error) {
        amount = error.amount();
      }
    });
  }
  kept = nullptr;
  for (std::thread& thread : rethrowers) thread.join();
  return amounts[0] == 3 && amounts[1] == 3 ? 0 : 2;
}
// Expected: nothing
