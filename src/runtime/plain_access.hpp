// Plain accesses that do not take the hot path of tsan_access.cpp.
#pragma once

#include <cstddef>
#include <cstdint>

namespace trama::runtime {

/// The slow way of an access, while some are choice points or recorded. In tsan_plain.cpp.
void look_at_access(std::uint64_t address, unsigned size, bool writes, void* pc);
/// A range of any length is read or written, in whichever mode; nothing outside control.
void on_range(const void* address, std::size_t bytes, bool writes, void* pc);

/// What a compare-exchange expects is plain memory, which it writes where it fails. (GCC's
/// instrumentation leaves that to us, clang's does not.) Mostly it is on the thread's own stack.
void on_expected(const void* address, std::size_t bytes, bool writes, void* pc);

}  // namespace trama::runtime
