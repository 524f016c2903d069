// getrandom and its relatives, and std::random_device: drawn from the hunt's seed, so that
// the data of the program stays the same while its interleaving changes.
#include <sys/random.h>

#include <cstdint>
#include <cstring>

#include "base/prng.hpp"
#include "runtime/engine.hpp"
#include "runtime/random.hpp"
#include "runtime/real.hpp"

namespace trama::runtime {

void fill_random(void* bytes, std::size_t count) {
  auto* at = static_cast<unsigned char*>(bytes);
  while (count != 0) {
    const std::uint64_t word = split_mix(engine().random_state);
    const std::size_t part = count < sizeof word ? count : sizeof word;
    std::memcpy(at, &word, part);
    at += part;
    count -= part;
  }
}

}  // namespace trama::runtime

using namespace trama::runtime;

TRAMA_EXPORT ssize_t getrandom(void* bytes, std::size_t count, unsigned flags) {
  if (!g_active) return TRAMA_REAL(getrandom)(bytes, count, flags);
  fill_random(bytes, count);
  return static_cast<ssize_t>(count);
}
TRAMA_EXPORT int getentropy(void* bytes, std::size_t count) {
  if (!g_active) return TRAMA_REAL(getentropy)(bytes, count);
  fill_random(bytes, count);
  return 0;
}

// Not in every libc's headers yet.
TRAMA_EXPORT void arc4random_buf(void* bytes, std::size_t count) {
  if (!g_active) {
    getentropy(bytes, count < 256 ? count : 256);
    for (std::size_t done = 256; done < count; done += 256) {
      getentropy(static_cast<char*>(bytes) + done, count - done < 256 ? count - done : 256);
    }
    return;
  }
  fill_random(bytes, count);
}
TRAMA_EXPORT std::uint32_t arc4random() {
  std::uint32_t value = 0;
  arc4random_buf(&value, sizeof value);
  return value;
}
TRAMA_EXPORT std::uint32_t arc4random_uniform(std::uint32_t bound) {
  return bound < 2 ? 0 : static_cast<std::uint32_t>((std::uint64_t{arc4random()} * bound) >> 32U);
}

// std::random_device::_M_getval(): reads the processor's own source inside libstdc++, where
// no call of libc tells of it.
TRAMA_EXPORT unsigned _ZNSt13random_device9_M_getvalEv(void* device) {
  if (!g_active) {
    using Signature = unsigned (*)(void*);
    static auto* real = reinterpret_cast<Signature>(find_real("_ZNSt13random_device9_M_getvalEv"));
    return real(device);
  }
  unsigned value = 0;
  fill_random(&value, sizeof value);
  return value;
}
