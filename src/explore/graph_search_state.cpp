// What is left of a GraphSearch, as bytes: to go on later, or elsewhere.
//
// Each frame is written as its graph, up to the last node that one of its items decides otherwise,
// and its items. Nothing in a frame refers to another. That an item may be explored apart from those
// above it on the stack follows from how they are made: an item says what its node is to be and not
// what becomes of it, and whether it is to be run at all does not depend on what the node is now.
#include <algorithm>

#include "base/packer.hpp"
#include "explore/graph_search.hpp"

namespace trama {

void GraphSearch::put_back() {
  Frame& frame = *frame_;
  frame.items.resize(planned_items_);
  weight_ = 0;
  if (planned_size_ == 0) {  // the very first: it has nothing to go back to
    frame.graph.clear();
    begun_ = false;
    frames_.clear();
    frame_ = nullptr;
    weight_ = 1;
    return;
  }
  frame.graph.cut(planned_size_);
  if (planned_open_ != kNoNode) {
    frame.graph[planned_open_].settled = false;
    frame.graph.set_from(planned_open_, frame.graph[planned_open_].from);
  }
  for (unsigned t = 0; t < frame.graph.thread_count(); ++t) {
    const NodeId id = frame.graph.last_of(static_cast<ThreadId>(t));
    if (id == kNoNode) continue;
    GraphNode& last = frame.graph[id];
    last.choice = planned_answers_[t].choice;
    last.count = planned_answers_[t].count;
  }
  frame.items.push_back({Item::Kind::run, planned_size_ - 1, 0, kNoNode, planned_weight_});
}

void GraphSearch::pack(const ExecutionGraph& graph, const Item* items, std::size_t count,
                       std::string& bytes) {
  ExecutionGraph needed = graph;
  NodeId size = 0;
  for (std::size_t i = 0; i < count; ++i) size = std::max(size, items[i].node + 1);
  needed.cut(size);
  Packer out(bytes);
  needed.pack(out);
  out.put(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Item& item = items[i];
    out.put(static_cast<std::uint64_t>(item.kind));
    out.put(item.node);
    out.put(item.other);
    out.put(item.behind);
    out.put_real(item.weight);
  }
}

void GraphSearch::save(std::string& bytes) const {
  for (std::size_t i = 0; begun_ && i <= depth_; ++i) {
    const Frame& frame = *frames_[i];
    if (!frame.items.empty()) pack(frame.graph, frame.items.data(), frame.items.size(), bytes);
  }
}

bool GraphSearch::load(std::string_view bytes) {
  Unpacker in(bytes);
  if (!begun_) frames_.clear();
  if (begun_) frames_.resize(depth_ + 1);
  begun_ = true;
  while (!in.at_end()) {
    auto frame = std::make_unique<Frame>();
    if (!frame->graph.unpack(in)) return false;
    for (NodeId id = 0; id < frame->graph.size(); ++id) {
      const NodeId from = frame->graph[id].from;
      if (from < kInitialStore && from > id) frame->revisited.push_back(id);
    }
    const std::size_t count = in.get_count();
    for (std::size_t i = 0; i < count && in.good(); ++i) {
      Item item{};
      item.kind = static_cast<Item::Kind>(in.get(static_cast<std::uint64_t>(Item::Kind::run)));
      item.node = static_cast<NodeId>(in.get());
      item.other = static_cast<NodeId>(in.get(0xffffffff));
      item.behind = static_cast<NodeId>(in.get(0xffffffff));
      item.weight = in.get_real();
      if (item.node >= frame->graph.size()) in.fail();
      frame->items.push_back(item);
    }
    if (!in.good()) return false;
    frames_.push_back(std::move(frame));
  }
  if (frames_.empty()) frames_.push_back(std::make_unique<Frame>());
  stand_at(frames_.size() - 1);
  return true;
}

bool GraphSearch::give_away(std::string& bytes) {
  if (!begun_) return false;
  std::size_t at = 0;
  while (at < depth_ && frames_[at]->items.empty()) ++at;
  Frame& frame = *frames_[at];
  if (at == depth_ && frame.items.size() < 2) return false;
  const std::size_t count = (frame.items.size() + 1) / 2;
  pack(frame.graph, frame.items.data(), count, bytes);
  frame.items.erase(frame.items.begin(), frame.items.begin() + static_cast<std::ptrdiff_t>(count));
  return true;
}

}  // namespace trama
