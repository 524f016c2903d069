// Instructions that act where Trama cannot see: found in machine code, not in names.
//
// GCC and clang leave no `lock` prefix in code built with -fsanitize=thread: each atomic access
// becomes a call. What is found here is inline assembler, or an object file built without. A
// quick look for bytes that may begin such an instruction comes first; only functions that hold
// one are then decoded, by a real decoder, from their beginning: 0xf0 is a common byte.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/elf_view.hpp"

namespace trama {

enum class UnseenKind : std::uint8_t {
  lock,         ///< `lock` prefix, or xchg with memory, which locks without it
  system_call,  ///< syscall, sysenter, int 0x80: no function of libc to stand in for
  clock,        ///< rdtsc, rdtscp: real time
  random,       ///< rdrand, rdseed
  processor,    ///< rdpid: on which processor the thread runs
};

struct UnseenInstruction {
  UnseenKind kind{};
  std::uint64_t address = 0;               ///< in the file
  std::string text;                        ///< "lock cmpxchg"
  const CodeFunction* function = nullptr;  ///< null where no symbol tells
};

/// All of them, by address. A view's functions must outlive the result.
std::vector<UnseenInstruction> find_unseen(const ElfView& file);

/// Whether a function reads or writes memory other than its own stack.
bool touches_memory(const ElfView& file, const CodeFunction& function);

}  // namespace trama
