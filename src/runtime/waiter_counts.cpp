#include "runtime/waiter_counts.hpp"

#include "runtime/program_symbols.hpp"

namespace trama::runtime {

std::uint64_t waiter_counts() {
  return reinterpret_cast<std::uint64_t>(
      find_in_file("_ZZNSt8__detail18__waiter_pool_base6_S_forEPKvE3__w"));
}

}  // namespace trama::runtime
