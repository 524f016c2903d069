// A doubly linked list whose links stand in its elements: nothing is allocated to wait.
#pragma once

namespace trama::aio::detail {

/// What an element derives from. Destroying an element takes it out of its list; a copy is in none.
class list_node {
 public:
  list_node() noexcept = default;
  list_node(const list_node&) noexcept {}
  list_node& operator=(const list_node&) = delete;
  ~list_node() { unlink(); }

  [[nodiscard]] bool is_linked() const noexcept { return next_ != nullptr; }

  void unlink() noexcept {
    if (next_ == nullptr) return;
    prev_->next_ = next_;
    next_->prev_ = prev_;
    next_ = prev_ = nullptr;
  }

 private:
  template <class>
  friend class list;
  list_node* next_ = nullptr;
  list_node* prev_ = nullptr;
};

/// First in, first out; any element may leave at any time.
template <class T>
class list {
 public:
  list() noexcept { end_.next_ = end_.prev_ = &end_; }
  list(const list&) = delete;
  list& operator=(const list&) = delete;
  ~list() {
    while (!empty()) end_.next_->unlink();
    end_.next_ = nullptr;
  }

  [[nodiscard]] bool empty() const noexcept { return end_.next_ == &end_; }

  void push_back(T& element) noexcept {
    list_node& node = element;
    node.prev_ = end_.prev_;
    node.next_ = &end_;
    end_.prev_->next_ = &node;
    end_.prev_ = &node;
  }

  /// REQUIRES: not empty.
  T& front() noexcept { return *static_cast<T*>(end_.next_); }
  T& pop_front() noexcept {
    T& first = front();
    static_cast<list_node&>(first).unlink();
    return first;
  }

  /// Calls `f` for each; an `f` may take its own element out, but no other.
  template <class F>
  void for_each(F f) {
    for (list_node* node = end_.next_; node != &end_;) {
      list_node* next = node->next_;
      f(*static_cast<T*>(node));
      node = next;
    }
  }

 private:
  list_node end_;
};

}  // namespace trama::aio::detail
