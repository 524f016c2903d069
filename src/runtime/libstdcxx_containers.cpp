// Parts of std::map, std::set and std::list that are compiled into libstdc++.so, where no
// instrumentation sees them: what they read and write of the program's nodes takes part in
// races. Which links a rebalancing changes is found by comparing the nodes it may reach before
// and after, so nothing is reported that did not happen.
#include <cstddef>
#include <cstdint>

#include "runtime/engine.hpp"
#include "runtime/modules.hpp"
#include "runtime/plain_access.hpp"
#include "runtime/real.hpp"

namespace trama::runtime {
namespace {

// As in <bits/stl_tree.h>.
struct TreeNode {
  std::uint32_t color;
  TreeNode* parent;
  TreeNode* left;
  TreeNode* right;
};
// As in <bits/stl_list.h>.
struct ListNode {
  ListNode* next;
  ListNode* previous;
};

template <typename T>
void touch(const T& field, bool writes, void* pc) {
  if (g_plain == PlainMode::ignore || !is_instrumented(pc)) return;
  const auto at = reinterpret_cast<std::uint64_t>(&field);
  if (g_plain == PlainMode::look) {
    look_at_access(at, sizeof field, writes, pc);
  } else if (writes) {
    engine().detector.on_write(at, sizeof field);
  } else {
    engine().detector.on_read(at, sizeof field);
  }
}

/// Remembers nodes of a tree, and reports what has changed in them since.
class TreeChanges {
 public:
  /// `node`, its ancestors up to the header, and the children of all of these: whatever a
  /// rotation on the way to the root may touch.
  void watch_path(TreeNode* node, TreeNode* header) {
    for (int depth = 0; node != nullptr && depth < 128; ++depth) {
      watch(node);
      if (node == header) return;
      watch_with_children(node->left);
      watch_with_children(node->right);
      node = node->parent;
    }
  }
  void report(void* pc) const {
    for (unsigned i = 0; i < count_; ++i) {
      const TreeNode& now = *nodes_[i];
      const TreeNode& before = copies_[i];
      if (now.color != before.color) touch(now.color, true, pc);
      if (now.parent != before.parent) touch(now.parent, true, pc);
      if (now.left != before.left) touch(now.left, true, pc);
      if (now.right != before.right) touch(now.right, true, pc);
    }
  }

 private:
  void watch_with_children(TreeNode* node) {
    if (node == nullptr) return;
    watch(node);
    if (node->left != nullptr) watch(node->left);
    if (node->right != nullptr) watch(node->right);
  }
  void watch(TreeNode* node) {
    if (count_ == kCapacity) return;
    for (unsigned i = 0; i < count_; ++i) {
      if (nodes_[i] == node) return;
    }
    nodes_[count_] = node;
    copies_[count_++] = *node;
  }

  // A path of a tree with a million nodes has at most 40; what is beyond goes unreported.
  static constexpr unsigned kCapacity = 256;
  TreeNode* nodes_[kCapacity];
  TreeNode copies_[kCapacity];
  unsigned count_ = 0;
};

bool watching(void* pc) { return g_plain != PlainMode::ignore && is_instrumented(pc); }

template <typename Signature>
Signature* real(const char* name) {
  return reinterpret_cast<Signature*>(find_real(name));
}

}  // namespace
}  // namespace trama::runtime

using namespace trama::runtime;

TRAMA_EXPORT void _ZSt29_Rb_tree_insert_and_rebalancebPSt18_Rb_tree_node_baseS0_RS_(
    bool left, TreeNode* node, TreeNode* parent, TreeNode* header) {
  static auto* insert = real<void(bool, TreeNode*, TreeNode*, TreeNode*)>(
      "_ZSt29_Rb_tree_insert_and_rebalancebPSt18_Rb_tree_node_baseS0_RS_");
  if (!watching(TRAMA_PC)) return insert(left, node, parent, header);
  TreeChanges changes;
  changes.watch_path(parent, header);
  insert(left, node, parent, header);
  changes.report(TRAMA_PC);
}

TRAMA_EXPORT TreeNode* _ZSt28_Rb_tree_rebalance_for_erasePSt18_Rb_tree_node_baseRS_(
    TreeNode* node, TreeNode* header) {
  static auto* erase = real<TreeNode*(TreeNode*, TreeNode*)>(
      "_ZSt28_Rb_tree_rebalance_for_erasePSt18_Rb_tree_node_baseRS_");
  if (!watching(TRAMA_PC)) return erase(node, header);
  TreeChanges changes;
  TreeNode* successor = node->right;
  while (successor != nullptr && successor->left != nullptr) successor = successor->left;
  if (successor != nullptr) changes.watch_path(successor, header);
  changes.watch_path(node, header);
  TreeNode* gone = erase(node, header);
  changes.report(TRAMA_PC);
  return gone;
}

// Going on looks at the right link first; going back at the color, to tell the end.
#define TRAMA_TREE_STEP(symbol, first, Node)         \
  TRAMA_EXPORT Node* symbol(Node* node) {            \
    static auto* step = real<Node*(Node*)>(#symbol); \
    touch(node->first, false, TRAMA_PC);             \
    return step(node);                               \
  }
TRAMA_TREE_STEP(_ZSt18_Rb_tree_incrementPSt18_Rb_tree_node_base, right, TreeNode)
TRAMA_TREE_STEP(_ZSt18_Rb_tree_incrementPKSt18_Rb_tree_node_base, right, const TreeNode)
TRAMA_TREE_STEP(_ZSt18_Rb_tree_decrementPSt18_Rb_tree_node_base, color, TreeNode)
TRAMA_TREE_STEP(_ZSt18_Rb_tree_decrementPKSt18_Rb_tree_node_base, color, const TreeNode)
#undef TRAMA_TREE_STEP

TRAMA_EXPORT void _ZNSt8__detail15_List_node_base7_M_hookEPS0_(ListNode* self, ListNode* before) {
  static auto* hook =
      real<void(ListNode*, ListNode*)>("_ZNSt8__detail15_List_node_base7_M_hookEPS0_");
  touch(before->previous, true, TRAMA_PC);
  touch(before->previous->next, true, TRAMA_PC);
  hook(self, before);
}

TRAMA_EXPORT void _ZNSt8__detail15_List_node_base9_M_unhookEv(ListNode* self) {
  static auto* unhook = real<void(ListNode*)>("_ZNSt8__detail15_List_node_base9_M_unhookEv");
  touch(self->previous->next, true, TRAMA_PC);
  touch(self->next->previous, true, TRAMA_PC);
  unhook(self);
}
