// A stack of nodes behind std::atomic<std::shared_ptr>: its own lock bit orders all.
#include <atomic>
#include <memory>
#include <string>
#include <thread>

struct Node {
  std::string text;
  std::shared_ptr<Node> next;
};

std::atomic<std::shared_ptr<Node>> head;

void push(std::string text) {
  auto node = std::make_shared<Node>();
  node->text = std::move(text);
  node->next = head.load();
  while (!head.compare_exchange_weak(node->next, node)) {
  }
}

std::shared_ptr<Node> pop() {
  auto node = head.load();
  while (node && !head.compare_exchange_weak(node, node->next)) {
  }
  return node;
}

int main() {
  std::atomic<int> popped{0};
  const auto work = [&popped](char letter) {
    push(std::string(40, letter));
    if (const auto node = pop()) popped += node->text.size() == 40 ? 1 : 0;
  };
  std::thread one(work, 'a');
  std::thread two(work, 'b');
  std::thread three([] { (void)head.load(std::memory_order_acquire); });
  one.join();
  two.join();
  three.join();
  const bool empty = head.load() == nullptr;
  return popped == 2 && empty ? 0 : 1;
}
// Expected: nothing
