// An execution graph as bytes, and back. What is read must only be safe to walk through: whether
// somebody damaged it is for the checksum around it to tell.
#include "base/packer.hpp"
#include "memory/execution_graph.hpp"

namespace trama {
namespace {

/// kNoNode and kInitialStore become the smallest numbers.
constexpr std::uint64_t from_id(NodeId id) { return static_cast<NodeId>(id + 2U); }
NodeId get_id(Unpacker& in, NodeId size) {
  return static_cast<NodeId>(in.get(std::uint64_t{size} + 1)) - 2U;
}

void put_word(Packer& out, const Word& word) {
  out.put(word.low);
  out.put(word.high);
}
Word get_word(Unpacker& in) {
  Word word;
  word.low = in.get();
  word.high = in.get();
  return word;
}

void put_ids(Packer& out, const std::vector<NodeId>& ids) {
  out.put(ids.size());
  for (const NodeId id : ids) out.put(id);
}
std::vector<NodeId> get_ids(Unpacker& in, NodeId size) {
  std::vector<NodeId> ids(in.get_count());
  for (NodeId& id : ids) id = static_cast<NodeId>(in.get(size == 0 ? 0 : size - 1U));
  if (size == 0 && !ids.empty()) in.fail();
  return ids;
}

constexpr unsigned kFlagCount = 7;
constexpr bool GraphNode::*kFlags[kFlagCount] = {
    &GraphNode::compares, &GraphNode::settled, &GraphNode::valued, &GraphNode::acquires,
    &GraphNode::releases, &GraphNode::shared,  &GraphNode::blocked};

constexpr auto kMostOrder = static_cast<std::uint64_t>(MemoryOrder::seq_cst);
constexpr auto kMostKind = static_cast<std::uint64_t>(NodeKind::ghost);
constexpr std::uint64_t kMostThread = 4096;

void put_node(Packer& out, const GraphNode& node) {
  unsigned flags = 0;
  unsigned bit = 1;
  for (const auto flag : kFlags) {
    if (node.*flag) flags |= bit;
    bit <<= 1;
  }
  for (const std::uint64_t value :
       {static_cast<std::uint64_t>(node.kind), static_cast<std::uint64_t>(node.order),
        static_cast<std::uint64_t>(node.success_order),
        static_cast<std::uint64_t>(node.failure_order), std::uint64_t{flags},
        std::uint64_t{node.operation}, std::uint64_t{node.thread}, std::uint64_t{node.other},
        std::uint64_t{node.index}, std::uint64_t{node.location}, from_id(node.from),
        from_id(node.release_fence), std::uint64_t{node.choice}, std::uint64_t{node.count}}) {
    out.put(value);
  }
  put_word(out, node.value);
  for (const ChainLink& link : node.links) {
    out.put(from_id(link.chain));
    out.put(from_id(link.from));
    out.put(link.needs);
    out.put(link.gates);
  }
}

GraphNode get_node(Unpacker& in, NodeId size) {
  GraphNode node;
  node.kind = static_cast<NodeKind>(in.get(kMostKind));
  node.order = static_cast<MemoryOrder>(in.get(kMostOrder));
  node.success_order = static_cast<MemoryOrder>(in.get(kMostOrder));
  node.failure_order = static_cast<MemoryOrder>(in.get(kMostOrder));
  const std::uint64_t flags = in.get((1U << kFlagCount) - 1);
  for (unsigned i = 0; i < kFlagCount; ++i) node.*kFlags[i] = ((flags >> i) & 1U) != 0;
  in.get_into(node.operation);
  in.get_into(node.thread, kMostThread);
  in.get_into(node.other);
  in.get_into(node.index);
  in.get_into(node.location);
  node.from = get_id(in, size);
  node.release_fence = get_id(in, size);
  in.get_into(node.choice);
  in.get_into(node.count);
  node.value = get_word(in);
  for (ChainLink& link : node.links) {
    link.chain = static_cast<std::uint32_t>(in.get(0xffffffff)) - 2U;
    link.from = get_id(in, size);
    in.get_into(link.needs);
    in.get_into(link.gates);
  }
  return node;
}

}  // namespace

void ExecutionGraph::pack(Packer& out) const {
  out.put(nodes_.size());
  out.put(stride_);
  for (const GraphNode& node : nodes_) put_node(out, node);
  const std::size_t cells = nodes_.size() * kViewCount * stride_;
  for (std::size_t i = 0; i < cells; ++i) out.put(views_[i]);
  out.put(threads_.size());
  for (const auto& nodes : threads_) put_ids(out, nodes);
  out.put(locations_.size());
  for (const GraphLocation& location : locations_) {
    out.put(location.address);
    out.put(location.life);
    out.put(location.size);
    put_word(out, location.initial);
    put_ids(out, location.stores);
    put_ids(out, location.reads);
  }
  out.put(chains_.size());
  for (const GraphChain& chain : chains_) {
    out.put(chain.object);
    out.put(chain.initial_gates);
    put_ids(out, chain.operations);
  }
}

bool ExecutionGraph::unpack(Unpacker& in) {
  clear();
  const auto size = static_cast<NodeId>(in.get_count());
  in.get_into(stride_, kMostThread);
  for (NodeId id = 0; id < size && in.good(); ++id) {
    nodes_.push_back(get_node(in, size));
    count(nodes_.back(), nodes_.back().kind == NodeKind::ghost ? 0 : 1);
  }
  const std::size_t cells = std::size_t{size} * kViewCount * stride_;
  views_.reserve(cells);
  for (std::size_t i = 0; i < cells && in.good(); ++i) {
    views_.push_back(static_cast<std::uint32_t>(in.get(size)));
  }
  for (std::uint64_t left = in.get_count(); left != 0 && in.good(); --left) {
    threads_.take() = get_ids(in, size);
  }
  for (std::uint64_t left = in.get_count(); left != 0 && in.good(); --left) {
    GraphLocation& location = locations_.take();
    location.address = in.get();
    in.get_into(location.life);
    in.get_into(location.size);
    location.initial = get_word(in);
    location.stores = get_ids(in, size);
    location.reads = get_ids(in, size);
  }
  for (std::uint64_t left = in.get_count(); left != 0 && in.good(); --left) {
    GraphChain& chain = chains_.take();
    chain.object = in.get();
    in.get_into(chain.initial_gates);
    chain.operations = get_ids(in, size);
  }
  if (!in.good() || threads_.size() > stride_) return false;
  for (const GraphLocation& location : locations_) {
    for (const NodeId store : location.stores) {
      if (store >= size) return false;
    }
    number_stores(location, 0);
  }
  for (const GraphNode& node : nodes_) {
    const bool atomic = is_read(node.kind) || is_store(node.kind);
    if (atomic && node.location >= locations_.size()) return false;
    if (node.thread >= stride_) return false;
    if (node.kind != NodeKind::ghost &&
        (node.thread >= threads_.size() || node.index >= threads_[node.thread].size())) {
      return false;
    }
    for (const ChainLink& link : node.links) {
      if (link.chain != kNoNode && link.chain >= chains_.size()) return false;
    }
  }
  return true;
}

}  // namespace trama
