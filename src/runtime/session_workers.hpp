// Workers: processes that explore all executions of the program together.
//
// The first is the program's process, which talks to the command line; the others are its copies,
// made before the first execution, so that the program's memory is at the same addresses in each.
// Who has nothing left to explore waits; who works looks after each execution whether somebody
// waits, and leaves a part of its search in the one mailbox. When all wait and the mailbox is empty
// everything has been explored. What is shared lies in one mapping.
//
// The first process also watches: over the others, which may die, and over the user, who may
// stop it all. Each then leaves what it has not explored in the file that becomes a checkpoint.
#pragma once

#include <cstdint>

#include "explore/graph_guide.hpp"
#include "explore/tally.hpp"
#include "runtime/session_link.hpp"

namespace trama::runtime {

class Workers {
 public:
  /// Takes up what an earlier session left, if this one goes on from it: the guide then has that.
  /// Afterwards there are `count` processes, and this is one of them.
  Workers(Link& link, GraphGuide& guide, unsigned count);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  [[nodiscard]] bool is_first() const { return number_ == 0; }
  /// The user, the clock, or another process wants an end.
  [[nodiscard]] bool should_stop();
  /// Another execution may run; false where as many have as are to.
  [[nodiscard]] bool may_run();
  /// After an execution. `own` is of this process alone.
  void note(const Tally& own, GraphSearch& search);
  /// The search has nothing left: waits until it has got a part of another one. False where all is
  /// explored, or is to end.
  bool wait_for_part(GraphSearch& search);
  /// The guide has learned of a loop (see await.hpp): what all have explored does not count.
  void begin_again(GraphGuide& guide);
  /// Takes part in that, also where another process has learned something: true where the guide
  /// was made to start over.
  bool renew(GraphGuide& guide);
  /// This process found something. True for the first that says so: it is to tell.
  bool claim_finding();

  /// Of all processes, and of the sessions before.
  [[nodiscard]] Tally total() const;
  /// The end of this process's exploration; the guide may have something left. Returns in the
  /// first process only, when the others are gone.
  void leave(GraphGuide& guide);
  /// Requires: the others have left.
  [[nodiscard]] bool found() const;
  /// Something is left to explore.
  [[nodiscard]] bool stopped() const;

 private:
  struct Shared;
  struct Worker;

  void start(unsigned number);
  void store(unsigned number, const Tally& tally);
  [[nodiscard]] Tally load(unsigned number) const;
  void take_saved(GraphGuide& guide);
  void save_places_and_tally();
  void add_place(std::uint64_t place);
  [[nodiscard]] bool all_are_idle() const;
  bool take_part(GraphSearch& search);
  void look_after_others();
  void ended(Worker& worker, int status);
  void wake() const;
  void doze(std::uint32_t seen) const;

  Link& link_;
  Shared* shared_ = nullptr;
  unsigned count_;
  unsigned number_ = 0;
  std::uint32_t look_ = 0;
  std::uint32_t round_ = 0;  // how often all have begun again
};

}  // namespace trama::runtime
