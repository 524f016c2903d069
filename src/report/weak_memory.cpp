#include "report/weak_memory.hpp"

#include <algorithm>

#include "report/describe.hpp"

namespace trama {
namespace {

constexpr std::string_view kOrderNames[] = {"relaxed", "consume", "acquire",
                                            "release", "acq_rel", "seq_cst"};

class Words {
 public:
  Words(const Trace& trace, Language language) : trace_(trace), language_(language) {}

  [[nodiscard]] std::string text(std::uint32_t index) const {
    const TraceStep& step = trace_.steps[index];
    std::string text = what(index);
    if (step.cures.empty()) return text;
    std::string list;
    for (std::size_t i = 0; i < step.cures.size(); ++i) {
      if (i != 0 && i + 1 == step.cures.size()) {
        list += ' ' + say(language_, Message::weak_and) + ' ';
      } else if (i != 0) {
        list += ", ";
      }
      // An order is named once for those that follow one another.
      if (i == 0 || step.cures[i].order != step.cures[i - 1].order) {
        list += kOrderNames[static_cast<unsigned>(step.cures[i].order) % 6];
        list += ' ';
      }
      list += cure(step.cures[i]);
    }
    return text + ' ' + say(language_, Message::weak_cure, list);
  }

 private:
  [[nodiscard]] std::string name(const Event& event) const {
    return event.object != kNoObject ? object_name(trace_, event.object)
                                     : address_name(trace_, event.address, language_);
  }

  [[nodiscard]] std::string what(std::uint32_t index) const {
    const TraceStep& step = trace_.steps[index];
    const Event& event = step.event;
    const Event& newer = trace_.steps[step.newer].event;
    const std::string thread = thread_name(trace_, event.thread);
    const std::string other = thread_name(trace_, newer.thread);
    const std::string wrote = value_text(newer.after, newer.size);
    if (step.from == kNoIndex) {
      return say(language_, Message::weak_store, thread, name(event), index,
                 value_text(event.after, event.size), other, wrote, step.newer);
    }
    const std::string read = value_text(event.before, event.size);
    const std::string through = without_order(step);
    if (through.empty()) {
      return say(language_, Message::weak_read, thread, name(event), index, read, other, wrote,
                 step.newer);
    }
    return say(language_, Message::weak_read_through, thread, name(event), index, read, other,
               wrote, step.newer, through);
  }

  /// Other atomics by which the load would learn of the newer store, were they released and
  /// acquired.
  [[nodiscard]] std::string without_order(const TraceStep& step) const {
    std::vector<std::string> names;
    for (const TraceCure& cure : step.cures) {
      if (cure.order == MemoryOrder::seq_cst) return {};
      const std::string atomic = name(trace_.steps[cure.step].event);
      if (std::find(names.begin(), names.end(), atomic) == names.end()) names.push_back(atomic);
    }
    std::string list;
    for (const std::string& one : names) list += (list.empty() ? "" : ", ") + one;
    return list;
  }

  [[nodiscard]] std::string cure(const TraceCure& cure) const {
    const TraceStep& step = trace_.steps[cure.step];
    const Event& event = step.event;
    const Message message = event.operation == Operation::store  ? Message::cure_store
                            : event.operation == Operation::load ? Message::cure_load
                                                                 : Message::cure_modify;
    return say(language_, message, thread_name(trace_, event.thread), name(event),
               place_text(trace_, step.place, step.stack));
  }

  const Trace& trace_;
  Language language_;
};

}  // namespace

std::vector<std::string> weak_memory_texts(const Trace& trace, Language language, bool all) {
  constexpr std::size_t kShown = 2;
  std::vector<std::string> texts;
  const Words words(trace, language);
  for (std::uint32_t i = 0; i < trace.steps.size(); ++i) {
    if (trace.steps[i].newer == kNoIndex) continue;
    if (texts.size() == kShown && !all) break;
    texts.push_back(words.text(i));
  }
  return texts;
}

}  // namespace trama
