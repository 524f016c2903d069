// What the writer and the reader of step lines must agree on.
//
// The part of a step line that is for people: "T2 lock M1 at banco.cpp:41". The writer puts it before the bar, the reader compares it with what the fields behind
// the bar say, so the readable half of a file never lies.
#pragma once

#include <string>

#include "trace/trace.hpp"

namespace trama::trace_text {

void put_readable_step(std::string& out, const Trace& trace, const TraceStep& step);

/// The place and the address that a step has unless its line says otherwise.
std::uint32_t usual_place(const Trace& trace, std::uint32_t stack);
std::uint64_t usual_address(const Trace& trace, ObjectId object);

constexpr std::string_view kOrderNames[] = {"relaxed", "consume", "acquire",
                                            "release", "acq-rel", "seq-cst"};
constexpr std::string_view kInitialName = "initial";
constexpr std::string_view kOutcomeNames[] = {"ok", "failed", "timed-out"};
constexpr std::string_view kMemoryNames[] = {"unknown", "static", "heap", "stack"};

}  // namespace trama::trace_text
