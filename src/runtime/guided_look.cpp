// Looks of the program under a guide (verify): whether they are made, repeat another, or go round for ever;
// and whether a weak exchange fails without cause.
#include "runtime/guided_atomic.hpp"
#include "runtime/recorder.hpp"
#include "runtime/spin_watch.hpp"

namespace trama::runtime {
namespace {

[[noreturn]] void begin_exploration_again() {
  scheduler().end(EndReason::abandoned);
  leave();
}

void follow_look(Guide& guide, Guide::Look look, std::uint64_t code, std::uint64_t address) {
  switch (look) {
    case Guide::Look::go_on: return;
    case Guide::Look::begin_again: begin_exploration_again();
    case Guide::Look::tell_state:
    case Guide::Look::wait: break;
  }
  const std::uint64_t state = state_of_loop(address);
  wipe_stack();
  if (state == 0) return;
  switch (guide.come_round(self(), code, state)) {
    case Guide::Look::begin_again: begin_exploration_again();
    case Guide::Look::wait:
      if (engine().recorder != nullptr) announce_to_recorder();
      go(scheduler().give_up_current());
      return;
    case Guide::Look::go_on:
    case Guide::Look::tell_state: return;
  }
}

}  // namespace

void guided_look(const void* frame) { guided_look_at(look_code(frame)); }

void guided_look_at(std::uint64_t code) {
  Guide& guide = *scheduler().guide();
  follow_look(guide, guide.arrive(self(), code), code, 0);
}

bool guided_atomic_look(const void* frame, const Event& event, Word& found) {
  Guide& guide = *scheduler().guide();
  const std::uint64_t code = look_code(frame);
  const Guide::AtomicLook at = guide.arrive_at_atomic(self(), code, event);
  found = at.found;
  if (!at.repeats) follow_look(guide, at.look, code, event.address);
  return at.repeats;
}

bool fails_weakly(const void* frame) {
  Scheduler& s = scheduler();
  if (!s.allows(Chance::weak_exchange)) return false;
  switch (s.guide()->arrive_at_exchange(self(), look_code(frame), [] { return state_of_loop(); })) {
    case Guide::WeakExchange::is_strong: return false;
    case Guide::WeakExchange::begin_again: begin_exploration_again();
    case Guide::WeakExchange::must_fail: return true;
    case Guide::WeakExchange::may_fail: break;
  }
  if (!s.has_chance(Chance::weak_exchange)) return false;
  Event choice = make_event(Operation::choose, nullptr, static_cast<void* const*>(frame)[1]);
  point(choice);
  constexpr char kWhat[] = "compare_exchange_weak";
  if (Recorder* recorder = engine().recorder; recorder != nullptr) {
    recorder->set_text(kWhat, sizeof kWhat - 1);
  }
  return s.fails_weakly(choice);
}

Pool<SyncVar, 8>& guided_stores() {
  static auto* stores = new Pool<SyncVar, 8>;
  return *stores;
}

}  // namespace trama::runtime
