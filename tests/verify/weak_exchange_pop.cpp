// Two pop from a stack. A weak exchange that fails for nothing is tried again and then may succeed: the
// round that it ends is no proof that the loop waits.
#include <atomic>
#include <cassert>
#include <thread>

struct Node {
  std::atomic<Node*> next{nullptr};
};
Node last;
Node first{&last};
std::atomic<Node*> head{&first};

Node* pop() {
  Node* node = head.load(std::memory_order_acquire);
  while (node != nullptr &&
         !head.compare_exchange_weak(node, node->next.load(std::memory_order_relaxed),
                                     std::memory_order_acquire)) {
  }
  return node;
}

int main() {
  Node* theirs = nullptr;
  std::thread other([&] { theirs = pop(); });
  Node* mine = pop();
  other.join();
  assert(mine != theirs && mine != nullptr && theirs != nullptr);
}
// Two orders; in each the second has seen the other's store at once, or failed first.
// Verify rc11: 4
