// Three threads run handlers that share a counter, without a strand.
#include "pool.hpp"

int main() { return count_with_three_threads(false) == 6 ? 0 : 1; }

// Expected: RACE, EXIT?
//   report: pool.hpp
