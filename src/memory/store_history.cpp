#include "memory/store_history.hpp"

#include <algorithm>

namespace trama {

void StoreHistory::learn_found() {
  marks_[kMarkCount] = 0;
  any_marks_ = true;
  for (std::size_t i = 0; i < kMarkCount; ++i) {
    if (marks_[i] == kFound) marks_[i] = kKnown;
  }
}

void StoreHistory::wipe() {
  used_ = false;
  for (const Location& at : locations_) live_[mark_of(at.address)] = 0;
  locations_.clear();
  stores_.give_all_back();
  free_stores_.clear();
  buffers_.clear();
  fences_.give_all_back();
  fence_count_ = 0;
  watched_count_ = 0;
  if (++generation_ == 0) {
    std::fill(slots_.begin(), slots_.end(), Slot{});
    generation_ = 1;
  }
}

StoreHistory::Slot& StoreHistory::slot_of(std::uint64_t address) {
  for (std::size_t i = (address * 0x9e3779b97f4a7c15U) >> 40U;; ++i) {
    Slot& slot = slots_[i & (slots_.size() - 1)];
    if (slot.generation != generation_ || slot.address == address) return slot;
  }
}

void StoreHistory::enter(std::uint64_t address, std::uint32_t location) {
  if (2 * (location + std::size_t{1}) > slots_.size()) {
    slots_.assign(2 * slots_.size(), Slot{});
    for (std::uint32_t i = 0; i < location; ++i) {
      slot_of(locations_[i].address) = {locations_[i].address, generation_, i};
    }
  }
  slot_of(address) = {address, generation_, location};
}

std::uint32_t StoreHistory::find_exactly(std::uint64_t address) {
  const Slot& slot = slot_of(address);
  return slot.generation == generation_ ? slot.location : kNone;
}

/// Whether the bytes are part of a watched location of another size: its history is at its end.
/// Those that are there only because the execution is recorded make way.
bool StoreHistory::ends_others(std::uint64_t address, unsigned size) {
  bool others = false;
  const auto look = [&](std::uint64_t other) {
    const std::uint32_t found = find_exactly(other);
    if (found == kNone) return;
    Location& at = locations_[found];
    const bool apart = other + at.size <= address || other >= address + size;
    if (apart || (at.count == 0 && !at.mixed)) return;
    const bool stays = at.watched || at.mixed;
    if (at.count != 0) ended_.push_back({at.address, at.size, newest(at).published});
    clear(at);
    others = others || stays;
    at.mixed = stays;
  };
  for (std::uint64_t other = address; other < address + size; ++other) look(other);
  for (unsigned larger = 2 * size; larger <= sizeof(Word); larger *= 2) {
    const std::uint64_t other = address & ~(std::uint64_t{larger} - 1);
    if (other != address) look(other);
  }
  return others;
}

StoreHistory::Location* StoreHistory::find(std::uint64_t address, unsigned size, bool weaker,
                                           const Word& content, bool& begins) {
  begins = false;
  used_ = concerned_ = true;
  ended_.clear();
  std::uint8_t& mark = marks_[mark_of(address)];
  if (weaker && mark == 0) mark = marks_[kMarkCount] = kFound;
  const bool watch = weaker || watch_all_ || mark == kKnown;
  std::uint32_t found = find_exactly(address);
  const bool is_there = found != kNone && locations_[found].size == size;
  if (!is_there || locations_[found].count == 0) {
    if (is_there && locations_[found].mixed) return nullptr;
    if (ends_others(address, size) || (!watch && !recorded_)) return nullptr;
    if (found == kNone) {
      // Those beyond are as if never watched.
      if (!recorded_ && watched_count_ >= kWatchedMax) return nullptr;
      found = static_cast<std::uint32_t>(locations_.size());
      enter(address, found);
      locations_.emplace_back();
    } else {
      clear(locations_[found]);
    }
    Location& made = locations_[found];
    made.address = address;
    made.size = static_cast<std::uint8_t>(size);
    live_[mark_of(address)] = 1;
    begin_life(made, content);
    begins = true;
  }
  Location& at = locations_[found];
  if (at.mixed) return nullptr;
  if (newest(at).value != content) {
    // Written to by other means: another life.
    begin_life(at, content);
    begins = true;
  }
  if (watch && !at.watched && watched_count_ < kWatchedMax) {
    while (at.count > 1) drop(at, 0);
    at.watched = true;
    ++watched_count_;
  }
  return &at;
}

std::uint32_t StoreHistory::take_store() {
  std::uint32_t taken = 0;
  if (free_stores_.empty()) {
    taken = stores_.take();
  } else {
    taken = free_stores_.back();
    free_stores_.pop_back();
  }
  Store& store = stores_[taken];
  store.published.clear();
  store.reader_count = 0;
  store.seq_cst = store.follows = store.seen_by_all = false;
  return taken;
}

void StoreHistory::begin_life(Location& at, const Word& content) {
  // Whoever wrote there unseen may have gone on from what was released before.
  SyncVar published;
  if (at.count != 0) published = newest(at).published;
  while (at.count != 0) drop(at, at.count - 1U);
  const std::uint32_t taken = take_store();
  Store& first = stores_[taken];
  first.published = published;
  first.value = content;
  first.thread = kNoThread;
  first.clock = 0;
  first.time_ns = first.made_at = 0;
  first.step = kInitialStore;
  at.stores[0] = taken;
  at.count = 1;
}

void StoreHistory::drop(Location& at, unsigned i) {
  free_stores_.push_back(at.stores[i]);
  std::copy(at.stores.begin() + i + 1, at.stores.begin() + at.count, at.stores.begin() + i);
  --at.count;
}

void StoreHistory::clear(Location& at) {
  while (at.count != 0) drop(at, at.count - 1U);
  if (at.watched) --watched_count_;
  at.mixed = at.watched = false;
}

void StoreHistory::forget_some(std::uint64_t address, std::size_t bytes) {
  constexpr std::size_t kFew = 512;
  if (bytes > kFew) {
    for (Location& at : locations_) {
      if (at.address - address < bytes) clear(at);
    }
    return;
  }
  for (std::uint64_t granule = address & ~std::uint64_t{7}; granule < address + bytes;
       granule += 8) {
    if (live_[mark_of(granule)] == 0) continue;
    for (std::uint64_t i = granule; i < granule + 8; ++i) {
      if (const std::uint32_t found = find_exactly(i); found != kNone) clear(locations_[found]);
    }
  }
}

// -- What is hidden ------------------------------------------------------------------------------

/// How many fences come before the access in S, by what happens before it.
std::uint32_t StoreHistory::fence_before(const Access& who) const {
  if (who.seq_cst || fence_count_ == 0) return fence_count_;
  for (std::uint32_t i = fences_.size(); i-- > 0;) {
    const Fence& fence = fences_[i];
    if (who.clock->at(fence.thread) >= fence.clock) return fence_count_ - (fences_.size() - 1 - i);
  }
  return fence_count_ - fences_.size();  // as if all that were forgotten came before
}

bool StoreHistory::is_known(ThreadId thread, std::uint32_t clock, const Access& who,
                            std::uint32_t fence) const {
  if (who.clock->at(thread) >= clock) return true;
  if (fence == 0) return false;
  const std::uint32_t forgotten = fence_count_ - fences_.size();
  const std::uint32_t at = fence > forgotten ? fence - forgotten - 1 : 0;
  return fences_[at].known.at(thread) >= clock;
}

bool StoreHistory::is_seen(const Store& store, const Access& who, std::uint32_t fence) const {
  if (store.thread == kNoThread || store.seen_by_all || store.time_ns < who.now_ns) return true;
  if (store.seq_cst && (who.seq_cst || store.fences < fence)) return true;
  if (is_known(store.thread, store.clock, who, fence)) return true;
  for (unsigned i = 0; i < store.reader_count; ++i) {
    if (is_known(store.readers[i].thread, store.readers[i].clock, who, fence)) return true;
  }
  return false;
}

StoreHistory::Buffer& StoreHistory::buffer_of(ThreadId thread) {
  if (thread >= buffers_.size()) buffers_.resize(thread + 1U);
  return buffers_[thread];
}

unsigned StoreHistory::oldest_in_buffer(const Location& at, const Access& who) {
  unsigned i = at.count - 1U;
  Buffer& buffer = buffer_of(who.thread);
  const std::uint64_t seen = std::max(buffer.seen, who.barrier);
  // With nothing in the buffer a load might as well have come when it comes.
  if (who.locked || buffer.stored <= seen) return i;
  const auto passed = [&](const Store& store) {
    return store.made_at <= seen || store.thread == who.thread || store.seen_by_all;
  };
  while (i > 0 && !passed(store(at, i)) && store(at, i).time_ns >= who.now_ns) --i;
  return i;
}

unsigned StoreHistory::oldest_for(const Location& at, const Access& who) {
  if (!at.watched) return at.count - 1U;
  if (tso_) return oldest_in_buffer(at, who);
  unsigned i = at.count - 1U;
  if (i == 0) return 0;
  const std::uint32_t fence = fence_before(who);
  while (i > 0 && !is_seen(store(at, i), who, fence)) --i;
  return i;
}

/// The oldest of as many as are kept goes when one more comes: nothing can stand behind it.
bool StoreHistory::has_room_behind(const Location& at, unsigned i) {
  return !store(at, i + 1).follows && (i != 0 || at.count != kStoresMax);
}

std::span<const std::uint8_t> StoreHistory::readable(const Location& at, const Access& who,
                                                     bool modifies, const Word* expected) {
  const unsigned oldest = oldest_for(at, who);
  std::size_t count = 0;
  candidates_[count++] = static_cast<std::uint8_t>(at.count - 1U);
  for (unsigned i = at.count - 1U; i-- > oldest;) {
    const Store& older = store(at, i);
    // A read-modify-write stands right behind what it reads.
    const bool writes = modifies && (expected == nullptr || *expected == older.value);
    if (writes && !has_room_behind(at, i)) continue;
    bool tired = older.reader_count == older.readers.size();
    for (unsigned r = 0; r < older.reader_count; ++r) {
      if (older.readers[r].thread == who.thread) tired = older.readers[r].looks >= kLooksMax;
    }
    if (!tired) candidates_[count++] = static_cast<std::uint8_t>(i);
  }
  return {candidates_.data(), count};
}

std::span<const std::uint8_t> StoreHistory::places(const Location& at, const Access& who) {
  const unsigned oldest = tso_ ? at.count - 1U : oldest_for(at, who);
  std::size_t count = 0;
  candidates_[count++] = static_cast<std::uint8_t>(at.count - 1U);
  for (unsigned i = at.count - 1U; i-- > oldest;) {
    if (has_room_behind(at, i)) candidates_[count++] = static_cast<std::uint8_t>(i);
  }
  return {candidates_.data(), count};
}

void StoreHistory::note_read(const Location& at, unsigned i, const Access& who) {
  Store& read = store(at, i);
  if (tso_) {
    Buffer& buffer = buffer_of(who.thread);
    const bool waits = buffer.stored > std::max(buffer.seen, who.barrier);
    if (who.locked || !waits) {
      buffer.seen = who.now;
    } else if (read.thread != who.thread) {
      buffer.seen = std::max(buffer.seen, read.made_at);
    }
  }
  if (read.thread == who.thread && i + 1U == at.count) return;
  const bool older = i + 1U != at.count;
  for (unsigned r = 0; r < read.reader_count; ++r) {
    Reader& reader = read.readers[r];
    if (reader.thread != who.thread) continue;
    if (older) ++reader.looks;
    return;
  }
  if (read.reader_count == read.readers.size()) {
    read.seen_by_all = true;
    return;
  }
  read.readers[read.reader_count++] = {who.thread, static_cast<std::uint8_t>(older ? 1 : 0),
                                       who.clock->at(who.thread)};
}

StoreHistory::Store& StoreHistory::add(Location& at, unsigned behind, const Access& who,
                                       const Word& value, bool follows) {
  if (at.count == kStoresMax) {
    drop(at, 0);
    --behind;
  }
  const std::uint32_t taken = take_store();
  Store& made = stores_[taken];
  made.value = value;
  made.thread = who.thread;
  made.clock = who.clock->at(who.thread);
  made.time_ns = who.now_ns;
  made.step = who.step;
  made.seq_cst = who.seq_cst;
  made.fences = fence_count_;
  made.made_at = who.now;
  if (tso_) {
    Buffer& buffer = buffer_of(who.thread);
    (who.locked || who.seq_cst ? buffer.seen : buffer.stored) = who.now;
  }
  made.follows = follows;
  std::copy_backward(at.stores.begin() + behind + 1, at.stores.begin() + at.count,
                     at.stores.begin() + at.count + 1);
  at.stores[behind + 1U] = taken;
  ++at.count;
  return made;
}

void StoreHistory::fence(ThreadId thread, const VectorClock& clock, std::uint32_t own,
                         std::uint64_t now) {
  if (!weak_) return;
  used_ = true;
  if (tso_) buffer_of(thread).seen = now;
  if (fences_.size() == kFencesMax) {
    // Only the latest is kept, which knows all that those before it did.
    fences_[0].known.assign(fences_[kFencesMax - 1].known);
    fences_[0].thread = fences_[kFencesMax - 1].thread;
    fences_[0].clock = fences_[kFencesMax - 1].clock;
    fences_.give_all_back();
    fences_.take();
  }
  const std::uint32_t taken = fences_.take();
  Fence& made = fences_[taken];
  if (taken == 0) {
    made.known.clear();
  } else {
    made.known.assign(fences_[taken - 1].known);
  }
  const std::uint32_t before = made.known.at(thread);
  made.known.join(clock);
  made.known.set(thread, std::max(before, own));
  made.thread = thread;
  made.clock = own;
  ++fence_count_;
}

}  // namespace trama
