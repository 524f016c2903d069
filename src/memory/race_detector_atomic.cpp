// Atomic accesses: they synchronise, and they are judged against plain ones.
//
// What a location published lives with its granule (AtomicLocation), so that finding it is
// a shadow lookup and no hash. An access that straddles granules, as a 16-byte one does, is
// made of pieces: it learns from all of them, then all are judged, then all are published.
//
// A load is judged after it has learned: an acquire load that reads a release store knows
// of the plain initialisation before it, and so does not race with it; a relaxed one does.
#include "memory/race_detector.hpp"

namespace trama {

/// The granule of an access that lies in one, escalated.
[[gnu::always_inline]] inline RaceDetector::Piece RaceDetector::piece_of(std::uintptr_t address,
                                                                         unsigned size) {
  const auto offset = static_cast<unsigned>(address % kGranule);
  const ByteMask mask = bytes_mask(offset, size);
  ShadowCell& cell = cell_of(address);
  if (__builtin_expect(!is_escalated(cell.write), 0)) begin_atomic(cell, mask, address);
  return {&details_[clock_of(cell.write)], &cell, address - offset, mask};
}

/// The first atomic access to a granule.
__attribute__((noinline)) void RaceDetector::begin_atomic(ShadowCell& cell, ByteMask mask,
                                                          std::uintptr_t address) {
  if (is_freed(cell.write)) tell_freed(cell, mask, address, AccessKind::atomic_read);
  first_accesses_.note(address);
  escalate(cell);
}

/// Calls `visit` with a span of the pieces: of one, known to the compiler, if it can.
template <typename Visit>
inline void RaceDetector::with_pieces(std::uintptr_t address, unsigned size, Visit visit) {
  if (__builtin_expect(address % kGranule + size <= kGranule, 1)) {
    Piece piece = piece_of(address, size);
    return visit(std::span<Piece, 1>(&piece, 1));
  }
  with_many_pieces(address, size, visit);
}

template <typename Visit>
void RaceDetector::with_many_pieces(std::uintptr_t address, unsigned size, Visit& visit) {
  Piece pieces[kPiecesMax];
  unsigned count = 0;
  while (size > 0) {
    const auto room = static_cast<unsigned>(kGranule - address % kGranule);
    const unsigned part = size < room ? size : room;
    TRAMA_CHECK(count < kPiecesMax);
    pieces[count++] = piece_of(address, part);
    address += part;
    size -= part;
  }
  visit(std::span<Piece>(pieces, count));
}

template <typename Pieces>
inline void RaceDetector::read_pieces(Thread& thread, Pieces pieces, MemoryOrder order) {
  for (const Piece& piece : pieces) {
    for (std::uint32_t i = piece.detail->first_location; i != kNone;) {
      const AtomicLocation& location = details_.location(i);
      if ((location.mask & piece.mask) != 0) order_.read_from(thread, location.sync, order);
      i = location.next;
    }
  }
}

template <AccessKind kKind, typename Pieces>
inline void RaceDetector::check_pieces(const Thread& thread, Pieces pieces) {
  const ShadowWord word = word_of(thread);
  for (const Piece& piece : pieces) {
    record<kKind>(*piece.detail, thread, word | piece.mask, piece.granule);
    // A cached plain read is not judged again; after a race with this write it would be due.
    if (is_write(kKind)) piece.cell->read = 0;
  }
}

template <typename Pieces>
inline void RaceDetector::publish_pieces(Thread& thread, Pieces pieces, MemoryOrder order,
                                         bool is_rmw) {
  if (is_rmw && pieces.size() > 1) unite(pieces);
  // A relaxed store without a fence publishes nothing; where nothing was, nothing changes.
  const bool publishes = is_release(order) || thread.fence_at != 0;
  for (const Piece& piece : pieces) {
    const std::uint32_t first = piece.detail->first_location;
    if (first == kNone && !publishes) continue;
    AtomicLocation& location = first != kNone && details_.location(first).mask == piece.mask
                                   ? details_.location(first)
                                   : claim(piece, is_rmw);
    order_.publish(thread, location.sync, order, is_rmw);
  }
  if (is_release(order)) tick(thread);
}

/// The location of exactly the bytes of `piece`. If others overlap it they lose these
/// bytes; what they published continues in the result if an RMW is what takes them.
__attribute__((noinline)) AtomicLocation& RaceDetector::claim(const Piece& piece, bool is_rmw) {
  Detail& detail = *piece.detail;
  SyncVar taken;
  for (std::uint32_t i = detail.first_location; i != kNone;) {
    AtomicLocation& location = details_.location(i);
    if (location.mask == piece.mask) return location;
    if (is_rmw && (location.mask & piece.mask) != 0) taken.join(location.sync);
    i = location.next;
  }
  details_.erase_locations(detail, piece.mask);
  AtomicLocation& location = details_.add_location(detail, piece.mask);
  location.sync.join(taken);
  return location;
}

/// An RMW is one modification: what any of its bytes carried, all of them carry on.
__attribute__((noinline)) void RaceDetector::unite(std::span<Piece> pieces) {
  SyncVar all;
  for (Piece& piece : pieces) all.join(claim(piece, true).sync);
  for (Piece& piece : pieces) claim(piece, true).sync = all;
}

void RaceDetector::atomic_load(ThreadId thread, std::uintptr_t address, unsigned size,
                               MemoryOrder order) {
  Thread& self = thread_of_id(thread);
  with_pieces(address, size, [&](auto pieces) {
    read_pieces(self, pieces, order);
    check_pieces<AccessKind::atomic_read>(self, pieces);
  });
}

void RaceDetector::atomic_store(ThreadId thread, std::uintptr_t address, unsigned size,
                                MemoryOrder order) {
  Thread& self = thread_of_id(thread);
  with_pieces(address, size, [&](auto pieces) {
    check_pieces<AccessKind::atomic_write>(self, pieces);
    publish_pieces(self, pieces, order, false);
  });
}

void RaceDetector::atomic_rmw(ThreadId thread, std::uintptr_t address, unsigned size,
                              MemoryOrder order) {
  Thread& self = thread_of_id(thread);
  with_pieces(address, size, [&](auto pieces) {
    read_pieces(self, pieces, order);
    check_pieces<AccessKind::atomic_write>(self, pieces);
    publish_pieces(self, pieces, order, true);
  });
}

void RaceDetector::fence(ThreadId thread, MemoryOrder order) {
  order_.fence(thread_of_id(thread), order);
  refresh();
}

void RaceDetector::check_atomic(ThreadId thread, std::uintptr_t address, unsigned size,
                                bool writes) {
  const Thread& self = thread_of_id(thread);
  with_pieces(address, size, [&](auto pieces) {
    if (writes) return check_pieces<AccessKind::atomic_write>(self, pieces);
    check_pieces<AccessKind::atomic_read>(self, pieces);
  });
}

void RaceDetector::publish(ThreadId thread, SyncVar& store, MemoryOrder order, bool is_rmw) {
  Thread& self = thread_of_id(thread);
  order_.publish(self, store, order, is_rmw);
  if (is_release(order)) tick(self);
}

SyncVar RaceDetector::take_published(std::uintptr_t address, unsigned size) {
  SyncVar taken;
  with_pieces(address, size, [&](auto pieces) {
    for (const Piece& piece : pieces) {
      for (std::uint32_t i = piece.detail->first_location; i != kNone;) {
        const AtomicLocation& location = details_.location(i);
        if ((location.mask & piece.mask) != 0) taken.join(location.sync);
        i = location.next;
      }
      details_.erase_locations(*piece.detail, piece.mask);
    }
  });
  return taken;
}

void RaceDetector::give_published(std::uintptr_t address, unsigned size, const SyncVar& store) {
  with_pieces(address, size, [&](auto pieces) {
    for (const Piece& piece : pieces) claim(piece, false).sync = store;
  });
}

}  // namespace trama
