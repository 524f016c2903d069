// Words for the parts of a trace: threads, objects, places, steps, findings.
#pragma once

#include <string>

#include "report/messages.hpp"
#include "trace/trace.hpp"

namespace trama {

std::string thread_name(const Trace& trace, ThreadId thread);
/// The program's name for an object where known, else "M1".
std::string object_name(const Trace& trace, ObjectId object);
/// The name of what stands at an address: an object's symbol, else "memory at 0x…".
std::string address_name(const Trace& trace, std::uint64_t address, Language language);

/// The same for a narrow place: "@7ffff7a01010" where there is no name.
std::string cell_name(const Trace& trace, std::uint64_t address);

/// "transferir" from "banco::transferir(int, int)::{lambda()#1}::operator()() const".
std::string short_function(std::string_view function);
/// "banco.cpp:41", or "module+0x1234" where there is no line.
std::string place_text(const Trace& trace, std::uint32_t place, std::uint32_t stack);
/// "function banco.cpp:41" for the first user frame of a stack.
std::string stack_text(const Trace& trace, std::uint32_t stack);

/// "writes saldo: 5000 → 4990". Where that is wider than `width`, the name of the target
/// gives way first: the values are what a reader looks for.
std::string step_text(const Trace& trace, const TraceStep& step, Language language,
                      std::size_t width);
/// The verb for an operation: "writes", "escreve".
std::string_view verb(Operation operation, Language language);

/// What a finding is ("two threads touch …"), and why it is one.
std::string finding_title(const Finding& finding, Language language);
std::string finding_why(const Finding& finding, Language language);
/// One line: title, and what the program said: "… (status 1)".
std::string finding_message(const Trace& trace, const Finding& finding, Language language);

/// True if the trace has places and none of them a source line.
bool lacks_lines(const Trace& trace);

}  // namespace trama
