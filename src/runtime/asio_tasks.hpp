// Tasks of Asio's own coroutines (co_spawn), which tell nobody of themselves.
//
// They are found by the instrumented accesses of an execution that is recorded or looked over: who
// makes a coroutine writes the first word of its frame (where it goes on), and Asio notes in the
// frame, by accesses of its header's code, who pumps it and who awaits it. What is not certain is
// no task. See docs/decisions/0034.
#pragma once

#include <cstdint>

#include "event/ids.hpp"

namespace trama::runtime {

/// Forgets all: an execution begins.
void begin_asio_tasks();

/// The current thread is about to read or write plain memory.
void look_for_asio_tasks(std::uint64_t address, const void* pc);
/// The same of a write, after all that is done before it happens.
void note_asio_write(std::uint64_t address, unsigned size);

/// `thread` is about to take a step: whatever it has done since the last access is done.
void settle_asio_tasks(ThreadId thread);

/// Whether the access is one of Asio's own code, while it has tasks: what it keeps for them is
/// nothing that one task hands to another.
bool is_asios_own(const void* pc);

/// The program frees a block.
void forget_asio_frame(std::uint64_t block);

}  // namespace trama::runtime
