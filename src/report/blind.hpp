// How a report says what Trama does not see, and what to do about it.
#pragma once

#include <string>

#include "report/messages.hpp"
#include "report/summary.hpp"

namespace trama {

/// "the program calls poll (main, x.cpp:12), which Trama does not control".
std::string blind_text(const BlindCall& call, Language language);

/// Where it stands: "main, x.cpp:12", or what is known of that.
std::string blind_place(const BlindCall& call);

/// What the user can do about it.
Message blind_advice(const BlindCall& call);

constexpr std::string_view to_text(BlindKind kind) {
  switch (kind) {
    case BlindKind::call: return "call";
    case BlindKind::instruction: return "instruction";
    case BlindKind::library: return "library";
  }
  return "?";
}

}  // namespace trama
