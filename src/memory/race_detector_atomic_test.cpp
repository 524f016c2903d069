// Atomics in the race detector: every order, release sequences, fences, mixed sizes.
#include <gtest/gtest.h>

#include "memory/race_detector_fixture.hpp"

namespace trama {
namespace {

class RaceDetectorAtomicTest : public RaceDetectorTest {};

// --- Atomics: publication ---------------------------------------------------------------

/// Message passing: thread 1 writes x and stores the flag, thread 2 loads it and reads x.
struct Passing {
  MemoryOrder store;
  MemoryOrder load;
  bool store_fence;
  bool load_fence;
  bool ordered;
};

TEST_F(RaceDetectorAtomicTest, MessagePassingInAllOrders) {
  const Passing cases[] = {
      {kRelaxed, kRelaxed, false, false, false},
      {kRelease, kRelaxed, false, false, false},
      {kRelaxed, kAcquire, false, false, false},
      {kRelease, kAcquire, false, false, true},
      {kSeqCst, kSeqCst, false, false, true},
      {kRelease, MemoryOrder::consume, false, false, true},
      {kRelaxed, kAcquire, true, false, true},
      {kRelease, kRelaxed, false, true, true},
      {kRelaxed, kRelaxed, true, true, true},
      {kRelaxed, kRelaxed, true, false, false},
      {kRelaxed, kRelaxed, false, true, false},
  };
  for (const unsigned size : {1U, 2U, 4U, 8U, 16U}) {
    for (const Passing& c : cases) {
      for (const MemoryOrder fence : {kAcqRel, kSeqCst}) {
        begin();
        begin_threads();
        write(1, kX, 4);
        if (c.store_fence) detector.fence(1, fence == kSeqCst ? kSeqCst : kRelease);
        detector.atomic_store(1, kF, size, c.store);
        detector.atomic_load(2, kF, size, c.load);
        if (c.load_fence) detector.fence(2, fence == kSeqCst ? kSeqCst : kAcquire);
        read(2, kX, 4);
        EXPECT_EQ(told() == 0, c.ordered) << "size " << size << " case " << &c - cases;
      }
    }
  }
}

TEST_F(RaceDetectorAtomicTest, FencesOnTheWrongSideDoNotHelp) {
  begin_threads();
  detector.fence(1, kRelease);
  write(1, kX, 4);  // after the fence
  detector.atomic_store(1, kF, 4, kRelaxed);
  detector.atomic_load(2, kF, 4, kAcquire);
  read(2, kX, 4);
  EXPECT_EQ(told(), 1U);
  write(1, kX + 8, 4);
  detector.atomic_store(1, kF, 4, kRelease);
  detector.fence(3, kAcquire);
  detector.atomic_load(3, kF, 4, kRelaxed);  // after the fence
  read(3, kX + 8, 4);
  EXPECT_EQ(told(), 1U);
}

TEST_F(RaceDetectorAtomicTest, AnRmwContinuesAReleaseSequence) {
  for (const MemoryOrder order : {kRelaxed, kAcquire, kRelease, kAcqRel, kSeqCst}) {
    begin();
    begin_threads();
    write(1, kX, 4);
    detector.atomic_store(1, kF, 4, kRelease);
    write(2, kX + 8, 4);
    detector.atomic_rmw(2, kF, 4, order);
    detector.atomic_load(3, kF, 4, kAcquire);
    read(3, kX, 4);
    EXPECT_EQ(told(), 0U);
    read(3, kX + 8, 4);  // published by the RMW itself only if it releases
    EXPECT_EQ(told() == 0, is_release(order));
    read(2, kX, 4);
    EXPECT_EQ(told() == 0, is_acquire(order));
  }
}

TEST_F(RaceDetectorAtomicTest, ARelaxedStoreBreaksAReleaseSequence) {
  for (const ThreadId breaker : Threads{1, 2}) {  // C++20: the releasing thread's own, too
    begin();
    begin_threads();
    write(1, kX, 4);
    detector.atomic_store(1, kF, 4, kRelease);
    detector.atomic_store(breaker, kF, 4, kRelaxed);
    detector.atomic_load(3, kF, 4, kAcquire);
    read(3, kX, 4);
    EXPECT_EQ(told(), 1U) << "store by " << breaker;
  }
}

TEST_F(RaceDetectorAtomicTest, AReleaseStoreHidesTheOneBefore) {
  begin_threads();
  write(1, kX, 4);
  detector.atomic_store(1, kF, 4, kRelease);
  detector.atomic_store(2, kF, 4, kRelease);
  detector.atomic_load(3, kF, 4, kAcquire);
  read(3, kX, 4);
  EXPECT_EQ(told(), 1U);
}

TEST_F(RaceDetectorAtomicTest, NeighbouringAtomicsDoNotSynchronise) {
  begin_threads();
  write(1, kX, 4);
  detector.atomic_store(1, kF, 4, kRelease);
  detector.atomic_load(2, kF + 4, 4, kAcquire);
  read(2, kX, 4);
  EXPECT_EQ(told(), 1U);
}

TEST_F(RaceDetectorAtomicTest, MixedSizesSynchronisePerByte) {
  begin_threads();
  write(1, kX, 4);
  detector.atomic_store(1, kF, 8, kRelease);
  detector.atomic_store(2, kF, 4, kRelaxed);  // takes half of the bytes
  detector.atomic_load(3, kF, 4, kAcquire);
  read(3, kX, 4);
  EXPECT_EQ(told(), 1U);
  detector.atomic_load(2, kF + 4, 2, kAcquire);
  read(2, kX, 4);
  EXPECT_EQ(told(), 0U);
  // Sixteen bytes and their second half; an RMW carries on for all its bytes.
  write(1, kX + 8, 4);
  detector.atomic_store(1, kF + 16, 8, kRelease);
  detector.atomic_rmw(2, kF + 16, 16, kRelaxed);
  detector.atomic_load(3, kF + 24, 8, kAcquire);
  read(3, kX + 8, 4);
  EXPECT_EQ(told(), 0U);
}

TEST_F(RaceDetectorAtomicTest, AStoreHistoryOfTheHost) {
  begin_threads();
  SyncVar first;
  SyncVar second;
  write(1, kX, 4);
  detector.check_atomic(1, kF, 4, true);
  detector.publish(1, first, kRelease, false);
  detector.check_atomic(2, kF, 4, true);
  detector.publish(2, second, kRelaxed, false);
  detector.read_from(3, first, kAcquire);  // an older store
  detector.check_atomic(3, kF, 4, false);
  read(3, kX, 4);
  EXPECT_EQ(told(), 0U);
  detector.read_from(2, second, kAcquire);
  read(2, kX, 4);
  EXPECT_EQ(told(), 1U);
}

// --- Atomics: races ---------------------------------------------------------------------

TEST_F(RaceDetectorAtomicTest, AtomicsDoNotRaceWithEachOther) {
  begin_threads();
  for (const ThreadId t : Threads{1, 2, 3, 1, 2, 3}) {
    detector.atomic_load(t, kX, 4, kRelaxed);
    detector.atomic_store(t, kX, 4, kRelaxed);
    detector.atomic_rmw(t, kX, 8, kRelaxed);
    detector.atomic_store(t, kX + 3, 2, kRelaxed);
    detector.atomic_store(t, kX + 8, 16, kRelaxed);
  }
  EXPECT_EQ(told(), 0U);
}

TEST_F(RaceDetectorAtomicTest, AtomicAgainstPlain) {
  enum Operation { kRead, kWrite, kLoad, kStore, kRmw };
  const auto perform = [this](ThreadId t, Operation what) {
    switch (what) {
      case kRead: read(t, kX, 4); break;
      case kWrite: write(t, kX, 4); break;
      case kLoad: detector.atomic_load(t, kX, 4, kRelaxed); break;
      case kStore: detector.atomic_store(t, kX, 4, kRelaxed); break;
      case kRmw: detector.atomic_rmw(t, kX, 4, kRelaxed); break;
    }
  };
  for (const Operation first : {kRead, kWrite, kLoad, kStore, kRmw}) {
    for (const Operation second : {kRead, kWrite, kLoad, kStore, kRmw}) {
      begin();
      begin_threads();
      perform(1, first);
      perform(2, second);
      const bool writes =
          (first != kRead && first != kLoad) || (second != kRead && second != kLoad);
      const bool both_atomic = first >= kLoad && second >= kLoad;
      ASSERT_EQ(races.size(), writes && !both_atomic ? 1U : 0U) << first << " " << second;
      if (races.empty()) continue;
      EXPECT_EQ(races[0].current_is_atomic, second >= kLoad);
      EXPECT_EQ(races[0].previous_is_atomic, first >= kLoad);
      EXPECT_EQ(races[0].current_is_write, second != kRead && second != kLoad);
      EXPECT_EQ(races[0].previous_is_write, first != kRead && first != kLoad);
    }
  }
}

TEST_F(RaceDetectorAtomicTest, InitialisationRacesWithARelaxedLoadOnly) {
  begin_threads();
  write(1, kF, 4);
  detector.atomic_store(1, kF, 4, kRelease);
  detector.atomic_load(2, kF, 4, kAcquire);
  EXPECT_EQ(told(), 0U);
  detector.atomic_load(3, kF, 4, kRelaxed);
  EXPECT_EQ(told(), 1U);
}

TEST_F(RaceDetectorAtomicTest, APlainReadAfterUnorderedAtomicStores) {
  begin_threads();
  detector.atomic_store(1, kX, 4, kRelaxed);
  detector.atomic_store(2, kX, 4, kRelaxed);
  detector.thread_join(kMainThread, 2);  // the last store is ordered, the first is not
  read(kMainThread, kX, 4);
  ASSERT_EQ(races.size(), 1U);
  EXPECT_EQ(races[0].previous, 1);
  races.clear();
  read(kMainThread, kX, 4);
  EXPECT_EQ(told(), 0U) << "told once per epoch";
}

}  // namespace
}  // namespace trama
