// Words for the parts of a trace: threads, objects, places, steps, findings.
#pragma once

#include <string>

#include "report/messages.hpp"
#include "trace/trace.hpp"

namespace trama {

std::string thread_name(const Trace& trace, ThreadId thread);
/// The program's name for an object where known, else "M1".
std::string object_name(const Trace& trace, ObjectId object);
/// Whether a thread of a livelock is in a loop around this, and does not merely wait.
bool goes_round(Operation operation);

/// The name of what stands at an address, short enough for a cell: an object's symbol,
/// "block+12" within the heap block of a race, else "heap@12040", "X1" or "@7ffff7a01010".
std::string address_name(const Trace& trace, std::uint64_t address, Language language);

/// The finding's accesses are accesses to one piece of memory: RACE, USE-AFTER-FREE.
bool is_about_memory(FindingCode code);
/// Where the memory of a race or a use after free stands, if no symbol names it: "heap block of 48 bytes,
/// allocated by main at banco.cpp:25 (byte 12)". Empty for anything else.
std::string memory_text(const Trace& trace, const Finding& finding, Language language);

/// What a thread does or wants in an access that is no step: "writes block+12", "waits for M1".
std::string access_text(const Trace& trace, const FindingAccess& access, Language language);

/// What a task of a deadlock awaits: "queue.get"; may be empty.
std::string awaited(const Trace& trace, const FindingAccess& access);

/// "T1 read saldo as 5850 (step 10); T2 wrote …" where the finding comes of that, else empty.
std::string lost_update_text(const Trace& trace, const Finding& finding, Language language);

/// "transferir" from "banco::transferir(int, int)::{lambda()#1}::operator()() const".
std::string short_function(std::string_view function);
/// "banco.cpp:41", or "module+0x1234" where there is no line.
std::string place_text(const Trace& trace, std::uint32_t place, std::uint32_t stack);
/// "function banco.cpp:41" for the first user frame of a stack.
std::string stack_text(const Trace& trace, std::uint32_t stack);

/// A value of so many bytes, as a program would print it.
std::string value_text(std::uint64_t value, unsigned size);
/// "writes saldo: 5000 → 4990". Where that is wider than `width`, the name of the target
/// gives way first: the values are what a reader looks for.
std::string step_text(const Trace& trace, const TraceStep& step, Language language,
                      std::size_t width);
/// The verb for an operation: "writes", "escreve".
std::string_view verb(Operation operation, Language language);

/// What a finding is ("two threads touch …"), and why it is one.
std::string finding_title(const Finding& finding, Language language);
std::string finding_why(const Finding& finding, Language language);
/// One line: title, what it is about, and what the program said: "…: 1".
std::string finding_message(const Trace& trace, const Finding& finding, Language language);
/// The same in a few words, for a line that has the code already: "status 1".
std::string finding_brief(const Trace& trace, const Finding& finding, Language language);

/// True if the trace has places and none of them a source line.
bool lacks_lines(const Trace& trace);

}  // namespace trama
