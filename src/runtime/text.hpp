// Numbers and thread names as text, for the few sentences that the runtime writes itself.
#pragma once

#include <cstdint>
#include <string>

#include "event/ids.hpp"

namespace trama::runtime {

inline void append_number(std::string& out, std::uint64_t value, unsigned base = 10) {
  char digits[24];
  char* at = digits + sizeof digits;
  do {
    *--at = "0123456789abcdef"[value % base];
    value /= base;
  } while (value != 0);
  out.append(at, static_cast<std::size_t>(digits + sizeof digits - at));
}
inline void append_hex(std::string& out, std::uint64_t value) { append_number(out, value, 16); }
inline void append_thread(std::string& out, ThreadId thread) {
  if (thread == kMainThread) {
    out += "main";
    return;
  }
  out += 'T';
  append_number(out, thread);
}

}  // namespace trama::runtime
