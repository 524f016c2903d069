// Threads take their arguments by value, by reference, as a moved object, as a member function.
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

struct Account {
  int balance = 0;
  void deposit(int amount) { balance += amount; }
};

void fill(std::vector<int>& out, int count) {
  for (int i = 0; i < count; ++i) out.push_back(i);
}

int main() {
  std::vector<int> numbers;
  std::string text = "before";
  Account account;
  std::unique_ptr<int> owned = std::make_unique<int>(41);
  int from_lambda = 0;

  std::thread by_reference(fill, std::ref(numbers), 10);
  std::thread member(&Account::deposit, &account, 100);
  std::thread lambda([&text] { text += " and after"; });
  std::thread moved([&from_lambda](std::unique_ptr<int> value) { from_lambda = *value + 1; },
                    std::move(owned));
  moved.join();
  lambda.join();
  member.join();
  by_reference.join();
  const bool right = numbers.size() == 10 && account.balance == 100 && text == "before and after" &&
                     from_lambda == 42 && owned == nullptr;
  return right ? 0 : 1;
}
// Expected: nothing
