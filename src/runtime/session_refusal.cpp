#include "runtime/session_refusal.hpp"

#include "event/operation.hpp"
#include "runtime/modules.hpp"
#include "runtime/text.hpp"
#include "trace/text.hpp"

namespace trama::runtime {
namespace {

void append_access(std::string& text, unsigned size, std::uint64_t pc) {
  text += ' ';
  append_number(text, size);
  text += " @";
  const std::uint32_t module = module_of(pc);
  if (module != kNoIndex) {
    append_number(text, module);
    text += '+';
    pc -= modules()[module].description.base;
  }
  trace_text::put_hex(text, pc);
}

}  // namespace

std::string refusal_of(const GraphGuide& guide) {
  if (const auto& mixed = guide.mixed_sizes()) {
    std::string text = "mixed-sizes";
    append_access(text, mixed->size, mixed->pc);
    append_access(text, mixed->other_size, mixed->other_pc);
    return text;
  }
  if (!guide.uncovered()) return {};
  const std::string what = '"' + std::string(to_text(*guide.uncovered())) + '"';
  switch (guide.uncovered_reach()) {
    case IoReach::outside:
      return "verify does not cover programs that depend on what others do to their descriptors (" +
             what + "; standard input counts): use trama hunt";
    case IoReach::kept:
      return "verify does not cover programs that write to files which had a content before (" +
             what + "): what is on the disk is not rewound";
    default:
      return "verify does not cover programs with a step of the kind " + what +
             " yet: use trama hunt";
  }
}

std::string plain_refusal_of(const GraphGuide& guide) {
  if (!guide.mixed_sizes()) return refusal_of(guide);
  std::string text = "verify does not cover atomics of different sizes in the same memory: ";
  append_number(text, guide.mixed_sizes()->size);
  text += " bytes here, ";
  append_number(text, guide.mixed_sizes()->other_size);
  text += " bytes there, and nothing orders the two";
  return text;
}

}  // namespace trama::runtime
