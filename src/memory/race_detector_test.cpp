#include "memory/race_detector.hpp"

#include <gtest/gtest.h>

#include "memory/race_detector_fixture.hpp"

namespace trama {
namespace {

TEST(ShadowWord, FieldsAreKept) {
  const ShadowWord word = make_word(0xabcde, 1023, kClockMax) | 0x5a;
  EXPECT_EQ(word >> kGenerationShift, 0xabcdeU);
  EXPECT_EQ(thread_of(word), 1023);
  EXPECT_EQ(clock_of(word), kClockMax);
  EXPECT_EQ(mask_of(word), 0x5a);
  EXPECT_EQ(kind_of(make_entry(AccessKind::atomic_read, word)), AccessKind::atomic_read);
  EXPECT_EQ(kShadowBytes, std::size_t{32} << 40U);
  EXPECT_EQ(shadow_offset(0x7fff'ffff'ffff), kShadowBytes - sizeof(ShadowCell));
}

TEST(AccessKind, RelationsMatchTheirDefinition) {
  const AccessKind all[] = {AccessKind::plain_read, AccessKind::plain_write,
                            AccessKind::atomic_read, AccessKind::atomic_write};
  for (const AccessKind a : all) {
    for (const AccessKind b : all) {
      EXPECT_EQ(conflict(a, b), (is_write(a) || is_write(b)) && !(is_atomic(a) && is_atomic(b)));
      bool covered = true;
      for (const AccessKind c : all) covered = covered && (!conflict(b, c) || conflict(a, c));
      EXPECT_EQ(covers(a, b), covered);
    }
  }
}

// --- Plain accesses ---------------------------------------------------------------------

TEST_F(RaceDetectorTest, UnorderedConflictsRace) {
  begin_threads();
  write(1, kX, 4);
  write(2, kX, 4);
  ASSERT_EQ(races.size(), 1U);
  EXPECT_EQ(races[0].address, kX);
  EXPECT_EQ(races[0].size, 4U);
  EXPECT_EQ(races[0].current, 2);
  EXPECT_EQ(races[0].previous, 1);
  EXPECT_EQ(races[0].previous_clock, 1U);
  EXPECT_TRUE(races[0].current_is_write);
  EXPECT_TRUE(races[0].previous_is_write);
  EXPECT_FALSE(races[0].current_is_atomic);
  EXPECT_FALSE(races[0].previous_is_atomic);
  races.clear();
  write(1, kX + 8, 8);
  read(2, kX + 8, 8);
  ASSERT_EQ(races.size(), 1U);
  EXPECT_FALSE(races[0].current_is_write);
  races.clear();
  read(1, kX + 16, 8);
  write(2, kX + 16, 8);
  ASSERT_EQ(races.size(), 1U);
  EXPECT_FALSE(races[0].previous_is_write);
}

TEST_F(RaceDetectorTest, ReadsDoNotRaceButEachIsRemembered) {
  begin_threads();
  for (const ThreadId reader : Threads{1, 2, 3}) read(reader, kX, 4);
  EXPECT_EQ(told(), 0U);
  detector.thread_join(kMainThread, 1);
  detector.thread_join(kMainThread, 3);
  write(kMainThread, kX, 4);
  ASSERT_EQ(races.size(), 1U);
  EXPECT_EQ(races[0].previous, 2);
}

TEST_F(RaceDetectorTest, SpawnAndJoinOrder) {
  write(kMainThread, kX, 8);
  begin_threads();
  read(1, kX, 8);
  write(1, kX + 8, 8);
  detector.thread_join(kMainThread, 1);
  write(kMainThread, kX, 8);
  write(kMainThread, kX + 8, 8);
  EXPECT_EQ(told(), 0U);
  read(2, kX, 8);  // begun before that write
  EXPECT_EQ(told(), 1U);
}

TEST_F(RaceDetectorTest, ChildDoesNotSeeTheParentsNextStep) {
  detector.thread_begin(1, kMainThread);
  write(kMainThread, kX, 1);
  read(1, kX, 1);
  EXPECT_EQ(told(), 1U);
}

TEST_F(RaceDetectorTest, LocksOrderWhatTheyGuardAndNoMore) {
  begin_threads();
  SyncVar lock;
  for (const ThreadId t : Threads{1, 2, 1, 3}) {
    detector.acquire(t, lock);
    read(t, kX, 4);
    write(t, kX, 4);
    detector.release(t, lock);
  }
  EXPECT_EQ(told(), 0U);
  write(1, kX + 8, 4);  // after its release
  detector.acquire(2, lock);
  write(2, kX + 8, 4);
  EXPECT_EQ(told(), 1U);
}

TEST_F(RaceDetectorTest, WhatAnEndedThreadLeftIsNobodys) {
  begin_threads();
  write(1, kX, 4);
  read(1, kX + 8, 8);
  detector.thread_join(kMainThread, 1);
  detector.on_thread_end(1, kX, 24);
  read(kMainThread, kX + 4, 2);  // ordered, and of bytes it never touched in that granule
  ASSERT_EQ(races.size(), 1U);
  EXPECT_EQ(races[0].previous, 1);
  EXPECT_EQ(races[0].previous_clock, kClockMax);
  EXPECT_EQ(told(), 1U);
  detector.atomic_load(kMainThread, kX + 8, 8, kSeqCst);
  EXPECT_EQ(told(), 1U);
  write(kMainThread, kX + 16, 8);  // nobody's before
  EXPECT_EQ(told(), 0U);
  detector.on_alloc(kX, 24);
  write(kMainThread, kX, 8);
  EXPECT_EQ(told(), 0U);
}

TEST_F(RaceDetectorTest, ReleaseJoinsAndReleaseStoreReplaces) {
  begin_threads();
  SyncVar joined;
  SyncVar stored;
  for (const ThreadId t : Threads{1, 2}) {
    write(t, kX + t, 1);
    detector.release(t, joined);
    detector.release_store(t, stored);
  }
  detector.acquire(3, stored);
  read(3, kX + 2, 1);
  EXPECT_EQ(told(), 0U);
  read(3, kX + 1, 1);
  EXPECT_EQ(told(), 1U);
  detector.acquire(kMainThread, joined);
  read(kMainThread, kX + 1, 2);
  EXPECT_EQ(told(), 0U);
}

TEST_F(RaceDetectorTest, NeighbouringBytesNeverRace) {
  begin_threads();
  for (unsigned i = 0; i < 8; ++i) write(static_cast<ThreadId>(1 + i % 3), kX + i, 1);
  EXPECT_EQ(told(), 0U);
  read(1, kX + 3, 1);
  EXPECT_EQ(told(), 0U);
  read(1, kX + 3, 2);
  ASSERT_EQ(races.size(), 1U);
  EXPECT_EQ(races[0].address, kX + 4);
  EXPECT_EQ(races[0].size, 1U);
  EXPECT_EQ(races[0].previous, 2);
}

TEST_F(RaceDetectorTest, StraddlingAccessesAreSplitByGranule) {
  begin_threads();
  write(1, kX + 6, 4);
  read(2, kX + 9, 1);
  EXPECT_EQ(told(), 1U);
  read(2, kX + 10, 8);
  EXPECT_EQ(told(), 0U);
  write(3, kX, 16);
  ASSERT_GE(races.size(), 2U);
  EXPECT_EQ(races[0].address, kX + 6);
  EXPECT_EQ(races[0].size, 2U);
}

TEST_F(RaceDetectorTest, AWriteForgetsReadersOnlyOfItsBytes) {
  begin_threads();
  read(1, kX, 8);
  SyncVar lock;
  detector.release(1, lock);
  detector.acquire(2, lock);
  write(2, kX, 4);  // ordered after the read
  EXPECT_EQ(told(), 0U);
  write(3, kX + 4, 4);
  ASSERT_EQ(races.size(), 1U);
  EXPECT_EQ(races[0].previous, 1);
  EXPECT_FALSE(races[0].previous_is_write);
}

TEST_F(RaceDetectorTest, Ranges) {
  begin_threads();
  detector.set_current(1);
  detector.on_write_range(kX + 3, 100);
  detector.set_current(2);
  detector.on_read_range(kX, 3);
  detector.on_write_range(kX + 103, 20);
  EXPECT_EQ(told(), 0U);
  detector.on_read_range(kX + 102, 1);
  EXPECT_EQ(told(), 1U);
}

// --- The life of memory, threads, executions ----------------------------------------------

TEST_F(RaceDetectorTest, TheEndOfMemoryIsAWriteThatMayRace) {
  begin_threads();
  detector.set_current(1);
  detector.on_alloc(kX, 24);
  write(1, kX, 8);
  detector.atomic_store(1, kX + 8, 8, kRelease);
  detector.on_free(kX, 24, true);
  EXPECT_EQ(told(), 0U);
  detector.set_current(2);
  detector.on_alloc(kX, 24);
  write(2, kX, 8);
  read(2, kX + 8, 8);
  detector.atomic_load(2, kX + 16, 4, kAcquire);
  EXPECT_EQ(told(), 0U);
  detector.set_current(3);
  detector.on_free(kX, 24, true);
  EXPECT_EQ(told(), 3U);  // one of each granule
  detector.on_alloc(kX, 24);
  write(3, kX, 24);
  detector.set_current(1);
  detector.on_free(kX, 24, false);
  EXPECT_EQ(told(), 0U);
}

TEST_F(RaceDetectorTest, FreedMemoryTellsOfEveryUseOnce) {
  begin_threads();
  detector.set_current(1);
  write(1, kX, 8);
  detector.atomic_store(1, kX + 8, 8, kRelease);
  detector.on_free(kX, 28, true);
  EXPECT_TRUE(uses_after_free.empty());
  read(1, kX + 2, 4);  // by the thread that freed it, at the same clock
  ASSERT_EQ(uses_after_free.size(), 1U);
  EXPECT_EQ(uses_after_free[0].address, kX + 2);
  EXPECT_EQ(uses_after_free[0].size, 4U);
  EXPECT_EQ(uses_after_free[0].kind, AccessKind::plain_read);
  read(2, kX + 2, 4);  // the granule has been told of
  EXPECT_EQ(uses_after_free.size(), 1U);
  detector.atomic_rmw(2, kX + 8, 8, kAcqRel);
  ASSERT_EQ(uses_after_free.size(), 2U);
  EXPECT_TRUE(is_atomic(uses_after_free[1].kind));
  write(3, kX + 16, 8);
  ASSERT_EQ(uses_after_free.size(), 3U);
  EXPECT_EQ(uses_after_free[2].kind, AccessKind::plain_write);
  read(2, kX + 30, 1);  // behind its end, but of its granule
  EXPECT_EQ(uses_after_free.size(), 4U);
  EXPECT_EQ(told(), 0U);                  // none of them is told as a race as well
  EXPECT_EQ(detector.detail_peak(), 2U);  // the freed one was taken again
}

TEST_F(RaceDetectorTest, FreedMemoryIsNewAfterAllocationAndInTheNextExecution) {
  begin_threads();
  detector.set_current(1);
  detector.on_free(kX, 24, true);
  EXPECT_TRUE(detector.is_forbidden(kX + 16));
  detector.on_alloc(kX, 16);
  EXPECT_FALSE(detector.is_forbidden(kX + 8));
  write(2, kX, 8);
  detector.atomic_load(3, kX + 8, 8, kAcquire);
  EXPECT_TRUE(uses_after_free.empty());
  begin();
  begin_threads();
  read(2, kX + 16, 8);
  EXPECT_TRUE(uses_after_free.empty());
  EXPECT_EQ(told(), 0U);
}

TEST_F(RaceDetectorTest, AUseBeforeAnUnorderedFreeIsARace) {
  begin_threads();
  read(2, kX, 8);
  detector.set_current(1);
  detector.on_free(kX, 16, true);
  EXPECT_EQ(told(), 1U);
  EXPECT_TRUE(uses_after_free.empty());
}

TEST_F(RaceDetectorTest, AllocationOfPartOfAGranule) {
  begin_threads();
  write(1, kX, 8);
  detector.atomic_store(1, kX + 8, 2, kRelease);
  detector.atomic_store(1, kX + 12, 2, kRelease);
  detector.on_alloc(kX, 4);
  detector.on_alloc(kX + 8, 4);
  write(2, kX, 4);
  write(2, kX + 8, 4);
  EXPECT_EQ(told(), 0U);
  write(2, kX + 4, 1);
  write(2, kX + 12, 1);
  EXPECT_EQ(told(), 2U);
}

TEST_F(RaceDetectorTest, ExecutionsShareNothingButMemory) {
  std::uint32_t peak = 0;
  for (int i = 0; i < 1000; ++i) {
    begin();
    begin_threads();
    for (const ThreadId t : Threads{1, 2}) {
      read(t, kX, 4);
      detector.atomic_rmw(t, kF, 8, kSeqCst);
    }
    EXPECT_EQ(detector.clock(1), 2U);
    peak = detector.detail_peak();
  }
  EXPECT_EQ(told(), 0U);
  EXPECT_EQ(peak, 2U);
}

TEST_F(RaceDetectorTest, DetailsAreReusedWithinAnExecution) {
  begin_threads();
  for (int i = 0; i < 1000; ++i) {
    detector.on_alloc(kX, 8);
    read(1, kX, 4);
    read(2, kX, 4);
    detector.atomic_store(3, kX + 4, 4, kRelease);
  }
  EXPECT_EQ(told(), 0U);
  EXPECT_EQ(detector.detail_peak(), 1U);
}

TEST_F(RaceDetectorTest, AWriteThatCoversAllEndsTheEscalation) {
  begin_threads();
  for (int i = 0; i < 100; ++i) {
    for (const ThreadId reader : Threads{1, 2, 3}) {
      read(reader, kX, 8);
      detector.thread_join(kMainThread, reader);
    }
    write(kMainThread, kX, 8);
    detector.on_alloc(kX, 8);
  }
  EXPECT_EQ(told(), 0U);
  EXPECT_EQ(detector.detail_peak(), 1U);
}

TEST_F(RaceDetectorTest, GenerationsWrapAround) {
  const int before = clear_count;
  write(kMainThread, kX, 8);
  const ShadowWord old = shadow[shadow_offset(kX) / sizeof(ShadowCell)].write;
  for (std::uint32_t i = 1; i < kGenerationCount; ++i) detector.begin_execution();
  EXPECT_EQ(clear_count, before + 1);
  // The generation of the first execution is back: what that left must be gone.
  EXPECT_EQ(shadow[shadow_offset(kX) / sizeof(ShadowCell)].write, 0U);
  begin_threads();
  write(1, kX, 8);
  EXPECT_EQ(told(), 0U);
  const ShadowWord now = shadow[shadow_offset(kX) / sizeof(ShadowCell)].write;
  EXPECT_EQ(now >> kGenerationShift, old >> kGenerationShift);
}

TEST_F(RaceDetectorTest, ManyThreads) {
  constexpr ThreadId kLast = kThreadCountMax - 1;
  for (ThreadId t = 1; t <= kLast; ++t) detector.thread_begin(t, kMainThread);
  for (ThreadId t = 1; t <= kLast; ++t) {
    read(t, kX, 4);
    detector.atomic_rmw(t, kF, 4, kRelaxed);
  }
  EXPECT_EQ(told(), 0U);
  for (ThreadId t = 1; t < kLast; ++t) detector.thread_join(kMainThread, t);
  write(kMainThread, kX, 4);
  ASSERT_EQ(races.size(), 1U);
  EXPECT_EQ(races[0].previous, kLast);
  races.clear();
  write(kMainThread, kF, 4);
  ASSERT_EQ(races.size(), 1U);
  EXPECT_EQ(races[0].previous, kLast);
}

TEST_F(RaceDetectorTest, ANumberOfAThreadMayBeUsedAgain) {
  detector.thread_begin(1, kMainThread);
  write(1, kX, 4);
  EXPECT_FALSE(detector.may_reuse(1, kMainThread));
  detector.thread_join(kMainThread, 1);
  EXPECT_TRUE(detector.may_reuse(1, kMainThread));
  detector.thread_begin(1, kMainThread);
  EXPECT_EQ(detector.clock(1), 2U);
  write(1, kX, 4);
  EXPECT_EQ(told(), 0U);
  read(kMainThread, kX, 4);
  EXPECT_EQ(told(), 1U);
}

TEST_F(RaceDetectorTest, SaysWhenAClockNearsItsEnd) {
  SyncVar lock;
  for (std::uint32_t i = 1; i < HappensBefore::kClockWarning - 1; ++i) {
    detector.release_store(kMainThread, lock);
  }
  EXPECT_FALSE(detector.exhausted());
  detector.release_store(kMainThread, lock);
  EXPECT_TRUE(detector.exhausted());
  EXPECT_EQ(detector.clock(kMainThread), HappensBefore::kClockWarning);
  write(kMainThread, kX, 4);
  begin();
  EXPECT_FALSE(detector.exhausted());
}

TEST(RaceDetectorDeathTest, AClockNeverWrapsSilently) {
  HappensBefore order;
  order.begin_execution();
  order.thread(kMainThread).clock.set(kMainThread, kClockMax);
  EXPECT_EXIT(order.tick(order.thread(kMainThread)), ::testing::ExitedWithCode(3), "");
}

}  // namespace
}  // namespace trama
