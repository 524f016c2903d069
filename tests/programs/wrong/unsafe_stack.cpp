// A lock-free stack that forgets that another thread may pop, free and push in between (ABA).
#include <atomic>
#include <thread>

struct Node {
  int value;
  Node* next;
};

Node nodes[3] = {{1, &nodes[1]}, {2, &nodes[2]}, {3, nullptr}};
std::atomic<Node*> top{&nodes[0]};

Node* pop() {
  for (;;) {
    Node* const first = top.load();
    if (first == nullptr) return nullptr;
    Node* const next = first->next;  // @next
    Node* expected = first;
    if (top.compare_exchange_strong(expected, next)) return first;
  }
}

void push(Node* node) {
  Node* first = top.load();
  do {
    node->next = first;  // @link
  } while (!top.compare_exchange_weak(first, node));
}

int main() {
  int popped = 0;
  std::thread one([&popped] {
    if (pop() != nullptr) ++popped;
  });
  std::thread two([] {
    Node* const first = pop();
    pop();
    if (first != nullptr) push(first);
  });
  one.join();
  two.join();
  int left = 0;
  for (Node* node = top; node != nullptr; node = node->next) ++left;
  return left + popped == 2 ? 0 : 1;
}
// Expected: RACE, any? or EXIT
//   report: unsafe_stack.cpp
