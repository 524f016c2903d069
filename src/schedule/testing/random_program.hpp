// For tests: small programs of random operations, most of which contend for something.
#pragma once

#include "base/prng.hpp"
#include "schedule/testing/program.hpp"

namespace trama::testing {

/// A random operation; what it works on is drawn from as little as may conflict.
inline Op random_op(Prng& prng, std::vector<Op>& ops) {
  const unsigned two = prng.below(2);
  const std::uint64_t until = 10 * (1 + prng.below(3));
  switch (prng.below(26)) {
    case 0: return load(two);
    case 1: return store(two, 1 + prng.below(2));
    case 2: return fetch_add(two, 1 + prng.below(2));
    case 3: return write(two, 1 + prng.below(2));
    case 4: return read(two);
    case 5:
    case 6:
    case 7: return lock(two);
    case 8: return try_lock(two);
    case 9:
    case 10: return timed_lock(two, until);
    case 11:
    case 12:
    case 13: return unlock(two);
    case 14:
    case 15: ops.push_back(lock(two)); return wait(0, two);
    case 16: ops.push_back(lock(two)); return timed_wait(0, two, until);
    case 17: return notify_one(0);
    case 18: return prng.below(2) == 0 ? notify_all(0) : notify_one(0);
    case 19: return futex_wait(two, prng.below(2));
    case 20: return futex_wait(two, 0, until);
    case 21: return futex_wake(two, 1 + prng.below(2));
    case 22:
      ops.push_back(once_enter(two));
      ops.push_back(fetch_add(two, 1));
      return once_leave(two, prng.below(4) != 0);
    case 23: return sleep(until);
    case 24: return choose(2);
    default: return yield();
  }
}

/// `thread_count` threads beside main, with about `op_count` operations each.
inline Program random_program(std::uint64_t seed, unsigned thread_count, unsigned op_count) {
  Prng prng(seed);
  Program program(thread_count + 1);
  for (unsigned t = 1; t <= thread_count; ++t) {
    std::vector<Op>& ops = program[t];
    while (ops.size() < op_count) {
      const Op op = random_op(prng, ops);
      ops.push_back(op);
    }
  }
  return program;
}

}  // namespace trama::testing
