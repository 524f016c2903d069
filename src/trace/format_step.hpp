// The part of a step line that is for people: "T2 lock M1 at banco.cpp:41".
//
// The writer puts it before the bar, the reader compares it with what the fields behind
// the bar say, so the readable half of a file never lies.
#pragma once

#include <string>

#include "trace/trace.hpp"

namespace trama::trace_text {

void put_readable_step(std::string& out, const Trace& trace, const TraceStep& step);

constexpr std::string_view kOrderNames[] = {"relaxed", "consume", "acquire",
                                            "release", "acq-rel", "seq-cst"};
constexpr std::string_view kOutcomeNames[] = {"ok", "failed", "timed-out"};

}  // namespace trama::trace_text
