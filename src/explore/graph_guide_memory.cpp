// What a GraphGuide knows of the memory that atomics stand in: which location of the graph a place
// is, in which of its lives, and whether atomics of other sizes overlap it.
#include <algorithm>
#include <utility>

#include "explore/graph_guide.hpp"

namespace trama {

GraphGuide::Place* GraphGuide::find_place(std::uint64_t address, std::uint8_t size,
                                          std::size_t& slot) {
  slot = ((address + size) * 0x9e3779b97f4a7c15U) >> 32U;
  for (;; ++slot) {
    Place& place = places_[slot & (places_.size() - 1)];
    if (place.execution != execution_) return nullptr;
    if (place.address == address && place.size == size) return &place;
  }
}

GraphGuide::Place& GraphGuide::place_of(std::uint64_t address, std::uint8_t size) {
  if (places_taken_ * 2 >= places_.size()) grow_places();
  std::size_t slot = 0;
  if (Place* known = find_place(address, size, slot)) return *known;
  ++places_taken_;
  Place& place = places_[slot & (places_.size() - 1)];
  place = Place{};
  place.address = address;
  place.size = size;
  place.execution = execution_;
  return place;
}

void GraphGuide::grow_places() {
  const std::vector<Place> old = std::move(places_);
  places_ = std::vector<Place>(old.size() * 2);
  places_taken_ = 0;
  for (const Place& place : old) {
    if (place.execution == execution_) place_of(place.address, place.size) = place;
  }
}

/// What stands in the memory of the atomic.
void GraphGuide::look_at_memory(Action& action, ThreadId thread, std::uint64_t pc) {
  // The memory may have begun another life: written to by other means since the last store, which
  // is all that a program without races could tell of it.
  const std::size_t known = places_taken_;
  Place& place = place_of(action.address, action.size);
  threads_[thread].place = static_cast<std::size_t>(&place - places_.data());
  const Word content = read_memory_(action.address, action.size);
  action.fresh = places_taken_ != known;
  if (action.fresh) {
    note_overlaps(place);
  } else if (place.content != content) {
    ++place.life;
    action.fresh = true;
  }
  if (place.overlaps) refuse_mixed_sizes(action, thread, pc);
  place.content = content;
  place.pc = pc;
  action.life = place.life;
  action.initial = content;
}

/// Atomics that a word can hold are aligned: one lies within the other, or they are apart.
void GraphGuide::note_overlaps(Place& place) {
  std::size_t slot = 0;
  const auto note = [&](std::uint64_t address, std::uint8_t size) {
    Place* other = find_place(address, size, slot);
    if (other != nullptr) other->overlaps = place.overlaps = true;
  };
  for (std::uint8_t size = sizeof(Word); size > place.size; size /= 2) {
    note(place.address - place.address % size, size);
  }
  for (std::uint8_t size = place.size / 2; size != 0; size /= 2) {
    for (unsigned at = 0; at < place.size; at += size) note(place.address + at, size);
  }
}

/// Where all accesses of the other size happen before, memory holds what they left, and the access
/// may go on from there: so is memory used again. Else nothing says what it finds; loads alone do
/// not matter. Requires: the action is of a location that overlaps with others.
void GraphGuide::refuse_mixed_sizes(const Action& action, ThreadId thread, std::uint64_t pc) {
  if (search_.replaying()) return;  // so it was found in an execution before
  const ExecutionGraph& graph = search_.graph();
  const NodeId last = graph.last_of(thread);
  const auto ordered = [&](const std::vector<NodeId>& nodes) {
    return std::all_of(nodes.begin(), nodes.end(),
                       [&](NodeId node) { return graph.happens_before(node, last); });
  };
  for (std::uint32_t i = 0; i < graph.location_count(); ++i) {
    const GraphLocation& other = graph.location(i);
    const bool apart = other.address + other.size <= action.address ||
                       action.address + action.size <= other.address;
    if (apart || other.size == action.size) continue;
    if (ordered(other.stores) && (action.kind == NodeKind::load || ordered(other.reads))) continue;
    std::size_t slot = 0;
    const Place* place = find_place(other.address, other.size, slot);
    mixed_sizes_ = {action.size, other.size, pc, place == nullptr ? 0 : place->pc};
    return;
  }
}

}  // namespace trama
