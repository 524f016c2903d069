// A lock-free stack whose nodes hold what their exchanges expect: the one who fails has learned
// something, though no instrumented code wrote it down.
#include <atomic>
#include <cassert>
#include <thread>

struct Node {
  int value;
  Node* next;
};
std::atomic<Node*> head{nullptr};
Node one{1, nullptr};
Node two{2, nullptr};

void push(Node& node) {
  node.next = head.load(std::memory_order_relaxed);
  while (!head.compare_exchange_weak(node.next, &node, std::memory_order_release,
                                     std::memory_order_relaxed)) {
  }
}

int main() {
  std::thread other([] { push(one); });
  push(two);
  other.join();
  int sum = 0;
  for (const Node* node = head.load(); node != nullptr; node = node->next) sum += node->value;
  assert(sum == 3);
}
// Two orders; in each the second has loaded what the first stored, or the first null.
// Verify rc11: 4
// Verify sc: 4
