#include "runtime/weak_atomic.hpp"

#include "runtime/recorder.hpp"
#include "runtime/waiter_counts.hpp"

namespace trama::runtime {
namespace {

StoreHistory& history() { return engine().history; }

StoreHistory::Access access_of(bool seq_cst) {
  StoreHistory::Access who;
  who.thread = self();
  who.clock = &engine().detector.vector_clock(self());
  who.seq_cst = seq_cst;
  who.now_ns = scheduler().now_ns();
  who.now = scheduler().step_count();
  who.barrier = scheduler().state(self()).barrier;
  if (engine().recorder != nullptr) who.step = engine().recorder->next_number();
  return who;
}

StoreHistory::Location* open(const Event& event, bool weaker, const Word& content) {
  RaceDetector& detector = engine().detector;
  bool begins = false;
  StoreHistory::Location* at = history().find(event.address, event.size, weaker, content, begins);
  for (const StoreHistory::Ended& ended : history().ended()) {
    detector.give_published(ended.address, ended.size, ended.published);
  }
  if (begins) {
    history().newest(*at).published.join(detector.take_published(event.address, event.size));
  }
  return at;
}

unsigned choose(const StoreHistory::Location& at, std::span<const std::uint8_t> candidates) {
  // Who goes round a loop is not kept in it by what is old.
  if (candidates.size() < 2 || scheduler().state(self()).spin.going_round()) {
    return candidates.front();
  }
  std::array<std::uint32_t, StoreHistory::kStoresMax> steps{};
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    steps[i] = history().store(at, candidates[i]).step;
  }
  return candidates[scheduler().choose_store({steps.data(), candidates.size()})];
}

}  // namespace

Word WeakSource::value() const { return history().store(*at_, chosen_).value; }

void WeakSource::read(MemoryOrder order) const {
  const StoreHistory::Store& source = history().store(*at_, chosen_);
  if (engine().recorder != nullptr) engine().recorder->set_sources(source.step, kNoIndex);
  RaceDetector& detector = engine().detector;
  detector.read_from(who_.thread, source.published, order);
  detector.check_atomic(who_.thread, at_->address, at_->size, false);
  history().note_read(*at_, chosen_, who_);
}

bool WeakSource::write(MemoryOrder order, const Word& value, bool reads) const {
  RaceDetector& detector = engine().detector;
  const StoreHistory::Store& source = history().store(*at_, chosen_);
  if (engine().recorder != nullptr) {
    engine().recorder->set_sources(reads ? source.step : kNoIndex, source.step);
  }
  SyncVar carried;
  if (reads) {
    detector.read_from(who_.thread, source.published, order);
    carried.join(source.published);
  }
  detector.check_atomic(who_.thread, at_->address, at_->size, true);
  const bool newest = chosen_ + 1U == at_->count;
  StoreHistory::Store& made = history().add(*at_, chosen_, who_, value, reads);
  made.published.join(carried);
  detector.publish(who_.thread, made.published, order, reads);
  return newest;
}

WeakSource find_source_of_load(const Event& event, const Word& content) {
  StoreHistory::Location* at = open(event, history().is_weaker(true, event.order), content);
  if (at == nullptr) return {};
  const StoreHistory::Access who = access_of(event.order == MemoryOrder::seq_cst);
  return {*at, choose(*at, history().readable(*at, who, false)), who};
}

WeakSource find_place_of_store(const Event& event, const Word& content) {
  StoreHistory::Location* at = open(event, history().is_weaker(false, event.order), content);
  if (at == nullptr) return {};
  const StoreHistory::Access who = access_of(event.order == MemoryOrder::seq_cst);
  return {*at, choose(*at, history().places(*at, who)), who};
}

WeakSource find_source_of_modify(const Event& event, const Word& content, bool seq_cst,
                                 const Word* expected) {
  StoreHistory::Location* at = open(event, false, content);
  if (at == nullptr) return {};
  StoreHistory::Access who = access_of(seq_cst);
  who.locked = true;
  return {*at, choose(*at, history().readable(*at, who, true, expected)), who};
}

void order_as_by_fence() {
  RaceDetector& detector = engine().detector;
  history().fence(self(), detector.vector_clock(self()), detector.clock(self()),
                  scheduler().step_count());
}

void note_plain_load() { history().note_newest(self(), scheduler().step_count()); }

void note_weak_fence(MemoryOrder order) {
  if (order != MemoryOrder::seq_cst) return;
  RaceDetector& detector = engine().detector;
  // Its own steps behind the fence have a later clock.
  history().fence(self(), detector.vector_clock(self()), detector.clock(self()) - 1,
                  scheduler().step_count());
}

void set_memory_model(MemoryModel model) {
  history().set_model(model);
  scheduler().note_barriers(model == MemoryModel::tso);
  if (model == MemoryModel::sc) return;
  const std::uint64_t pool = waiter_counts();
  for (std::uint64_t at = pool; pool != 0 && at < pool + kWaiterCountsBytes; at += 8) {
    history().mark(at);
  }
}

}  // namespace trama::runtime
