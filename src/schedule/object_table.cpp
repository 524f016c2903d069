#include "schedule/object_table.hpp"

#include <algorithm>

namespace trama {
namespace {

constexpr std::size_t kSlotsAtStart = 256;
constexpr std::size_t kFilterWords = 4096 / 64;
constexpr std::uint64_t kLine = 64;
constexpr std::uint64_t kObjectAlignment = 4;  // a futex word has four bytes

}  // namespace

ObjectTable::ObjectTable() : slots_(kSlotsAtStart), objects_(1), filter_(kFilterWords) {}

void ObjectTable::clear() {
  if (count_ == 0) return;
  std::fill(filter_.begin(), filter_.end(), 0);
  count_ = 0;
  slots_taken_ = 0;
  if (++generation_ == 0) {
    std::fill(slots_.begin(), slots_.end(), Slot{});
    generation_ = 1;
  }
}

ObjectId ObjectTable::find(std::uint64_t address) const {
  for (std::size_t i = slot_of(address);; i = (i + 1) & (slots_.size() - 1)) {
    const Slot& slot = slots_[i];
    if (slot.generation != generation_) return kNoObject;
    if (slot.address == address && slot.id != kNoObject) return slot.id;
  }
}

ObjectId ObjectTable::find_or_make(std::uint64_t address, ObjectKind kind) {
  constexpr std::size_t kUnset = ~std::size_t{0};
  std::size_t tombstone = kUnset;
  std::size_t i = slot_of(address);
  for (; slots_[i].generation == generation_; i = (i + 1) & (slots_.size() - 1)) {
    const Slot& slot = slots_[i];
    if (slot.id == kNoObject) {
      if (tombstone == kUnset) tombstone = i;
    } else if (slot.address == address && objects_[slot.id].kind == kind) {
      return slot.id;
    }
  }
  if (tombstone != kUnset) {
    i = tombstone;
  } else if ((slots_taken_ + 1) * 2 > slots_.size()) {
    grow();
    return find_or_make(address, kind);
  } else {
    ++slots_taken_;
  }
  const ObjectId id = ++count_;
  slots_[i] = {address, generation_, id};
  if (id == objects_.size()) objects_.emplace_back();
  SyncObject& object = objects_[id];
  object.kind = kind;
  object.lock_kind = LockKind::normal;
  object.robustness = Robustness::none;
  object.owner = kNoThread;
  object.done = false;
  object.depth = object.pending_count = object.waiter_count = 0;
  object.missed_notify_step = 0;
  object.address = address;
  object.clock.clear();
  object.read_clock.clear();
  object.readers.clear();
  const std::uint32_t bit = filter_bit(address);
  filter_[bit / 64] |= std::uint64_t{1} << (bit % 64);
  return id;
}

void ObjectTable::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.generation != generation_) continue;
    std::size_t i = slot_of(slot.address);
    while (slots_[i].generation == generation_) i = (i + 1) & (slots_.size() - 1);
    slots_[i] = slot;
  }
}

void ObjectTable::forget(ObjectId id) {
  const std::uint64_t address = objects_[id].address;
  for (std::size_t i = slot_of(address); slots_[i].generation == generation_;
       i = (i + 1) & (slots_.size() - 1)) {
    // The slot stays, as a tombstone, so that the chain behind it holds.
    if (slots_[i].address == address) slots_[i].id = kNoObject;
  }
}

void ObjectTable::forget_range(std::uint64_t address, std::uint64_t size) {
  if (count_ == 0 || size == 0) return;
  const std::uint64_t end = address + size;
  if (size / kLine > count_) {  // a large mapping, few objects
    for (ObjectId id = 1; id <= count_; ++id) {
      if (objects_[id].address >= address && objects_[id].address < end) forget(id);
    }
    return;
  }
  for (std::uint64_t line = address / kLine * kLine; line < end; line += kLine) {
    const std::uint32_t bit = filter_bit(line);
    if (((filter_[bit / 64] >> (bit % 64)) & 1U) == 0) continue;
    const std::uint64_t from = std::max(line, address);
    const std::uint64_t to = std::min(line + kLine, end);
    for (std::uint64_t at = (from + kObjectAlignment - 1) / kObjectAlignment * kObjectAlignment;
         at < to; at += kObjectAlignment) {
      if (const ObjectId id = find(at); id != kNoObject) forget(id);
    }
  }
}

}  // namespace trama
