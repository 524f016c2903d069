#include "runtime/session_workers.hpp"

#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <new>

#include "base/check.hpp"
#include "runtime/output.hpp"
#include "runtime/rewind.hpp"
#include "runtime/signals.hpp"
#include "runtime/syscall.hpp"
#include "runtime/text.hpp"

namespace trama::runtime {
namespace {

/// A part of a search that is larger stays where it is. Only what is used takes memory.
constexpr std::size_t kMailboxBytes = std::size_t{64} << 20U;
constexpr unsigned kCountMax = 256;
constexpr long kDozeNs = 20000000;
/// Executions between two looks after the other processes.
constexpr std::uint32_t kLookEvery = 64;

constexpr std::uint32_t kPlaceCountMax = 4096;

enum Mail : std::uint32_t { kEmpty, kWriting, kFull, kReading };

}  // namespace

struct Workers::Worker {
  long process = 0;
  std::atomic<std::uint32_t> left{0};   // it came to its end and has told all
  std::atomic<std::uint32_t> round{0};  // that it takes part in
  std::atomic<std::uint64_t> words[Tally::kWordCount] = {};
};

struct Workers::Shared {
  std::atomic<std::uint32_t> stop{0};  // leave what there is to explore
  std::atomic<std::uint32_t> rest{0};  // something is left to explore
  std::atomic<std::uint32_t> found{0};
  std::atomic<std::uint32_t> done{0};  // everything is explored
  std::atomic<std::uint32_t> waiting{0};
  std::atomic<std::uint32_t> news{0};  // a futex: changes when who waits should look again
  std::atomic<std::uint64_t> runs{0};
  std::atomic<std::uint32_t> mail{kEmpty};
  std::size_t mail_size = 0;
  std::uint32_t mail_round = 0;
  std::atomic<std::uint32_t> round{0};
  std::atomic<std::uint32_t> place_count{0};
  std::atomic<std::uint64_t> places[kPlaceCountMax];  // of loops, see Await; 0: not yet there
  Worker workers[kCountMax + 1];                      // the last stands for the sessions before
  char mailbox[kMailboxBytes];
};

Workers::Workers(Link& link, GraphGuide& guide, unsigned count)
    : link_(link),
      count_(count < 1           ? 1
             : count > kCountMax ? kCountMax
                                 : count) {
  void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  TRAMA_CHECK(memory != MAP_FAILED);
  // What stands in the mapping is all zero, as every member begins; the mailbox is not touched.
  shared_ = static_cast<Shared*>(memory);
  for (unsigned number = 1; number < count_ && is_first(); ++number) start(number);
  if (is_first()) {
    take_saved(guide);
  } else {
    guide.start_over(false);  // it waits for a part
  }
}

/// Behind the frames stand the places of loops, how many they are, and the tally.
void Workers::take_saved(GraphGuide& guide) {
  const std::string saved = link_.take_state();
  if (saved.empty()) return;
  Tally::Words words;
  std::size_t size = saved.size();
  const auto take_back = [&](void* into, std::size_t bytes) {
    if (size < bytes) link_.fail("the checkpoint is damaged%s", "");
    size -= bytes;
    memcpy(into, saved.data() + size, bytes);
  };
  take_back(words.data(), sizeof words);
  std::uint64_t count = 0;
  take_back(&count, sizeof count);
  for (; count > 0; --count) {
    std::uint64_t place = 0;
    take_back(&place, sizeof place);
    add_place(place);
  }
  const bool begun = size != 0 || Tally::from(words).leaf_count != 0;
  if (shared_->place_count.load() != 0) {
    shared_->round.store(1);
    renew(guide);
  }
  store(kCountMax, Tally::from(words));
  if (begun && !guide.search().load(std::string_view(saved).substr(0, size))) {
    link_.fail("the checkpoint is damaged%s", "");
  }
}

void Workers::save_places_and_tally() {
  std::string bytes;
  const auto append = [&](std::uint64_t value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  };
  const std::uint32_t count = shared_->place_count.load();
  for (std::uint32_t i = 0; i < count; ++i) append(shared_->places[i].load());
  append(count);
  for (const std::uint64_t word : total().words()) append(word);
  link_.write_state(bytes);
}

void Workers::add_place(std::uint64_t place) {
  const std::uint32_t at = shared_->place_count.fetch_add(1);
  if (at >= kPlaceCountMax) link_.fail("the program has too many loops that wait%s", "");
  shared_->places[at].store(place);
}

void Workers::begin_again(GraphGuide& guide) {
  for (const std::uint64_t place : guide.learned()) {
    bool known = false;
    const std::uint32_t count = shared_->place_count.load();
    for (std::uint32_t i = 0; i < count; ++i) known = known || shared_->places[i].load() == place;
    if (!known) add_place(place);
  }
  shared_->round.fetch_add(1);
  wake();
}

bool Workers::renew(GraphGuide& guide) {
  const std::uint32_t round = shared_->round.load();
  if (round == round_) return false;
  round_ = round;
  const std::uint32_t count = shared_->place_count.load();
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint64_t place = shared_->places[i].load();
    if (place != 0) guide.learn(place);
  }
  guide.start_over(is_first());
  store(number_, Tally());
  if (is_first()) {
    store(kCountMax, Tally());
    shared_->runs.store(0);
  }
  shared_->workers[number_].round.store(round);
  return true;
}

bool Workers::all_are_idle() const {
  if (shared_->waiting.load() != count_ || shared_->mail.load() != kEmpty) return false;
  for (unsigned i = 0; i < count_; ++i) {
    if (shared_->workers[i].round.load() != shared_->round.load()) return false;
  }
  return true;
}

void Workers::start(unsigned number) {
  const long parent = getpid();
  // Without a signal at its end: the program must not hear of it, nor meet it when it waits.
  const long child = raw_syscall(SYS_clone, 0, 0, 0, 0, 0);
  if (child < 0) link_.fail("no process could be started for -j%s", "");
  if (child != 0) {
    shared_->workers[number].process = child;
    return;
  }
  raw_syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (raw_syscall(SYS_getppid) != parent) {
    for (;;) raw_syscall(SYS_exit_group, 0);
  }
  number_ = number;
  restart_timer();
  separate_standard_streams();
}

bool Workers::should_stop() {
  if (shared_->stop.load(std::memory_order_relaxed) != 0) return true;
  if (!link_.should_stop() && !link_.failed()) return false;
  shared_->stop.store(1);
  wake();
  return true;
}

bool Workers::may_run() {
  const std::uint64_t most = link_.options().max_executions;
  if (shared_->runs.fetch_add(1, std::memory_order_relaxed) < most || most == 0) return true;
  shared_->stop.store(1);
  wake();
  return false;
}

void Workers::store(unsigned number, const Tally& tally) {
  const Tally::Words words = tally.words();
  for (std::size_t i = 0; i < words.size(); ++i) {
    shared_->workers[number].words[i].store(words[i], std::memory_order_relaxed);
  }
}

Tally Workers::load(unsigned number) const {
  Tally::Words words;
  for (std::size_t i = 0; i < words.size(); ++i) {
    words[i] = shared_->workers[number].words[i].load(std::memory_order_relaxed);
  }
  return Tally::from(words);
}

void Workers::note(const Tally& own, GraphSearch& search) {
  store(number_, own);
  if (count_ == 1) return;
  if (is_first() && ++look_ % kLookEvery == 0) look_after_others();
  if (shared_->waiting.load(std::memory_order_relaxed) == 0) return;
  std::uint32_t mail = kEmpty;
  if (!shared_->mail.compare_exchange_strong(mail, kWriting)) return;
  std::string part;
  const bool gives = search.give_away(part);
  if (gives && part.size() > kMailboxBytes) {
    // It is its own again, in the order in which it comes.
    TRAMA_CHECK(search.load(part));
  }
  if (!gives || part.size() > kMailboxBytes) {
    shared_->mail.store(kEmpty);
    return;
  }
  memcpy(shared_->mailbox, part.data(), part.size());
  shared_->mail_size = part.size();
  shared_->mail_round = round_;
  shared_->mail.store(kFull);
  wake();
}

bool Workers::take_part(GraphSearch& search) {
  std::uint32_t mail = kFull;
  if (!shared_->mail.compare_exchange_strong(mail, kReading)) return false;
  if (shared_->mail_round != shared_->round.load()) {  // nobody's any more
    shared_->mail.store(kEmpty);
    return false;
  }
  if (shared_->mail_round != round_) {  // not for us yet
    shared_->mail.store(kFull);
    return false;
  }
  TRAMA_CHECK(search.load({shared_->mailbox, shared_->mail_size}));
  // In this order: while the mailbox is not empty, nobody takes this for the end.
  shared_->waiting.fetch_sub(1);
  shared_->mail.store(kEmpty);
  return true;
}

bool Workers::wait_for_part(GraphSearch& search) {
  shared_->waiting.fetch_add(1);
  for (;;) {
    const std::uint32_t seen = shared_->news.load();
    if (is_first() && count_ > 1) look_after_others();
    if (should_stop() || shared_->done.load() != 0) return false;
    if (take_part(search)) return true;
    if (shared_->round.load() != round_) {
      shared_->waiting.fetch_sub(1);
      return true;
    }
    if (all_are_idle()) {
      shared_->done.store(1);
      wake();
      return false;
    }
    if (is_first()) link_.tell_tally(total());
    doze(seen);
  }
}

bool Workers::claim_finding() {
  std::uint32_t none = 0;
  const bool first = shared_->found.compare_exchange_strong(none, 1);
  shared_->stop.store(1);
  wake();
  return first;
}

Tally Workers::total() const {
  Tally sum = load(kCountMax);
  for (unsigned i = 0; i < count_; ++i) sum.add(load(i));
  return sum;
}

void Workers::ended(Worker& worker, int status) {
  worker.process = 0;
  if (worker.left.load() != 0) return;
  // What it was exploring is lost.
  if (link_.failed()) link_.finish();
  std::string what;
  if (WIFSIGNALED(status)) {
    what = "signal ";
    append_number(what, static_cast<unsigned>(WTERMSIG(status)));
  } else {
    what = "status ";
    append_number(what, static_cast<unsigned>(WEXITSTATUS(status)));
  }
  link_.fail("one of the processes of -j ended by %s, and what it explored is lost", what.c_str());
}

void Workers::look_after_others() {
  for (unsigned i = 1; i < count_; ++i) {
    Worker& worker = shared_->workers[i];
    if (worker.process == 0) continue;
    int status = 0;
    const long ended_process = raw_syscall(SYS_wait4, worker.process,
                                           reinterpret_cast<long>(&status), WNOHANG | __WALL, 0);
    if (ended_process == worker.process) ended(worker, status);
  }
}

void Workers::leave(GraphGuide& guide) {
  renew(guide);
  const GraphSearch& search = guide.search();
  if (shared_->stop.load() != 0 && shared_->found.load() == 0) {
    std::string bytes;
    search.save(bytes);
    link_.write_state(bytes);
    if (!bytes.empty() || (is_first() && !search.begun())) shared_->rest.store(1);
  }
  shared_->workers[number_].left.store(1);
  if (!is_first()) {
    for (;;) raw_syscall(SYS_exit_group, 0);
  }
  for (unsigned i = 1; i < count_; ++i) {
    Worker& worker = shared_->workers[i];
    int status = 0;
    while (worker.process != 0) {
      const long process =
          raw_syscall(SYS_wait4, worker.process, reinterpret_cast<long>(&status), __WALL, 0);
      if (process == worker.process) ended(worker, status);
    }
  }
  bool of_one_round = true;
  for (unsigned i = 0; i < count_; ++i) {
    of_one_round = of_one_round && shared_->workers[i].round.load() == shared_->round.load();
  }
  if (!of_one_round) {
    // One of them learned of a loop when others had left already.
    link_.take_state();
    for (unsigned i = 0; i <= kCountMax; ++i) store(i, Tally());
    shared_->rest.store(1);
  } else if (shared_->mail.load() == kFull && shared_->mail_round == shared_->round.load()) {
    link_.write_state({shared_->mailbox, shared_->mail_size});
    shared_->rest.store(1);
  }
  if (stopped() && !found()) save_places_and_tally();
}

bool Workers::found() const { return shared_->found.load() != 0; }
bool Workers::stopped() const { return shared_->rest.load() != 0; }

void Workers::wake() const {
  shared_->news.fetch_add(1);
  if (count_ == 1) return;
  raw_syscall(SYS_futex, reinterpret_cast<long>(&shared_->news), FUTEX_WAKE, kCountMax, 0, 0, 0);
}

void Workers::doze(std::uint32_t seen) const {
  const timespec time = {0, kDozeNs};
  raw_syscall(SYS_futex, reinterpret_cast<long>(&shared_->news), FUTEX_WAIT,
              static_cast<long>(seen), reinterpret_cast<long>(&time), 0, 0);
}

}  // namespace trama::runtime
