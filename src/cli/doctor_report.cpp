#include "cli/doctor_report.hpp"

#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/screen.hpp"
#include "report/blind.hpp"
#include "report/text_width.hpp"
#include "trace/places.hpp"

namespace trama {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kFunctionsMax = 5;  // of a list in one line

std::string join(const std::vector<std::string>& words, std::size_t count_max) {
  std::string text;
  for (std::size_t i = 0; i < std::min(words.size(), count_max); ++i) {
    if (i != 0) text += ", ";
    text += printable(words[i]);
  }
  if (words.size() > count_max) text += fmt::format(", … ({})", words.size());
  return text;
}

Message message_of(Varying::Kind kind) {
  switch (kind) {
    case Varying::Kind::clock: return Message::doctor_varies_clock;
    case Varying::Kind::random: return Message::doctor_varies_random;
    case Varying::Kind::processor: return Message::doctor_varies_processor;
    case Varying::Kind::call: return Message::doctor_varies_call;
    case Varying::Kind::file: break;
  }
  return Message::doctor_varies_file;
}

std::string varying_text(const Varying& varying, Language language) {
  const std::string place = blind_place(varying.place);
  return say(language, message_of(varying.kind), printable(varying.what), place);
}

/// Imported, and neither reached in the run nor known otherwise.
std::vector<std::string> not_reached(const DoctorReport& report) {
  std::vector<std::string> names;
  for (const std::string& name : report.inventory.blind_imports) {
    const bool reached = std::any_of(report.blind.begin(), report.blind.end(),
                                     [&](const BlindCall& call) { return call.symbol == name; });
    if (!reached) names.push_back(name);
  }
  return names;
}

class TextPrinter {
 public:
  TextPrinter(const DoctorReport& report, const TextStyle& style)
      : report_(report), style_(style) {}

  void print() const {
    head(Message::doctor_head_machine);
    for (const DoctorCheck& check : report_.machine) line(check);
    if (report_.name.empty()) return;
    head(Message::doctor_head_program);
    for (const DoctorCheck& check : report_.program) line(check);
    if (!report_.examined) return;
    print_instrumented();
    print_blind();
    print_same();
  }

 private:
  void head(Message message) const {
    if (message != Message::doctor_head_machine) fmt::print("\n");
    fmt::print("{}\n", paint(style_, Paint::bold, text_of(message, style_.language)));
  }
  void line(Message word, Paint how, const std::string& text) const {
    const std::string padded = fit(text_of(word, style_.language), 8);
    fmt::print("{} {}\n", paint(style_, how, padded), text);
  }
  void line(const DoctorCheck& check) const {
    line(check.ok ? Message::doctor_ok : Message::doctor_missing,
         check.ok ? Paint::good : Paint::alarm, check.what);
    if (!check.mend.empty()) {
      fmt::print("         {}\n", say(style_.language, Message::doctor_mend, check.mend));
    }
  }
  void advise(Message advice) const {
    fmt::print("         {}\n", text_of(advice, style_.language));
  }

  void print_instrumented() const {
    head(Message::doctor_head_instrumented);
    const Inventory& inventory = report_.inventory;
    const Language language = style_.language;
    line(Message::doctor_yes, Paint::good,
         say(language, Message::doctor_instrumented, report_.name,
             inventory.instrumented_functions));
    for (const std::string& unit : inventory.plain_units) {
      line(Message::doctor_no, Paint::alarm,
           say(language, Message::doctor_plain_unit, printable(unit)));
    }
    if (!inventory.plain_functions.empty()) {
      line(Message::doctor_no, Paint::alarm,
           say(language, Message::doctor_plain_functions,
               join(inventory.plain_functions, style_.full ? ~0U : kFunctionsMax)));
    }
    std::vector<std::string> known;
    for (const LoadedModule& module : report_.modules) {
      const std::string name(base_name(module.path));
      if (&module == &report_.modules.front()) continue;
      if (is_known_library(module.path)) {
        known.push_back(name);
      } else if (module.instrumented) {
        line(Message::doctor_yes, Paint::good, printable(name));
      } else {
        line(Message::doctor_no, Paint::alarm,
             say(language, Message::doctor_plain_library, printable(name)));
      }
    }
    const auto ours = [](const std::string& name) {
      return name.starts_with("libtsan.so") || name.starts_with("linux-");
    };
    known.erase(std::remove_if(known.begin(), known.end(), ours), known.end());
    if (!known.empty()) {
      line(Message::doctor_known, Paint::plain,
           say(language, Message::doctor_known_libraries, join(known, 20)));
    }
  }

  void print_blind() const {
    head(Message::doctor_head_blind);
    for (const BlindCall& call : report_.blind) {
      line(Message::doctor_reached, Paint::alarm, blind_text(call, style_.language));
      advise(blind_advice(call));
    }
    for (const std::string& name : not_reached(report_)) {
      BlindCall call;
      call.symbol = name;
      line(Message::doctor_imported, Paint::plain,
           say(style_.language, Message::doctor_blind_imported, printable(name)));
      advise(blind_advice(call));
    }
    if (report_.blind.empty() && report_.inventory.blind_imports.empty()) {
      line(Message::doctor_ok, Paint::good,
           std::string(text_of(Message::doctor_blind_none, style_.language)));
    }
  }

  void print_same() const {
    head(Message::doctor_head_same);
    const DoctorCheck& same = report_.same_seed;
    line(same.ok ? Message::doctor_ok : Message::doctor_differs,
         same.ok ? Paint::good : Paint::alarm, same.what);
    if (!same.mend.empty()) fmt::print("         {}\n", same.mend);
    for (const Varying& varying : report_.inventory.varying) {
      line(Message::doctor_note, Paint::plain, varying_text(varying, style_.language));
    }
    if (report_.inventory.varying.empty()) {
      line(Message::doctor_ok, Paint::good,
           std::string(text_of(Message::doctor_varies_none, style_.language)));
    }
  }

  const DoctorReport& report_;
  const TextStyle& style_;
};

Json check_json(const DoctorCheck& check) {
  return {{"check", check.key},
          {"ok", check.ok},
          {"required", check.required},
          {"text", check.what},
          {"mend", check.mend}};
}

Json modules_json(const DoctorReport& report) {
  Json list = Json::array();
  for (const LoadedModule& module : report.modules) {
    list.push_back({{"path", module.path},
                    {"instrumented", module.instrumented},
                    {"known", is_known_library(module.path)}});
  }
  return list;
}

Json blind_json(const DoctorReport& report, Language language) {
  Json list = Json::array();
  const auto add = [&](const BlindCall& call, bool reached) {
    list.push_back({{"symbol", call.symbol},
                    {"kind", to_text(call.kind)},
                    {"reached", reached},
                    {"file", call.file},
                    {"line", call.line},
                    {"function", call.function},
                    {"advice", text_of(blind_advice(call), language)}});
  };
  for (const BlindCall& call : report.blind) add(call, true);
  for (const std::string& name : not_reached(report)) {
    BlindCall call;
    call.symbol = name;
    add(call, false);
  }
  return list;
}

Json varying_json(const DoctorReport& report, Language language) {
  Json list = Json::array();
  for (const Varying& varying : report.inventory.varying) {
    list.push_back({{"what", varying.what},
                    {"file", varying.place.file},
                    {"line", varying.place.line},
                    {"function", varying.place.function},
                    {"text", varying_text(varying, language)}});
  }
  return list;
}

void print_json(const DoctorReport& report, Language language) {
  Json json;
  json["command"] = "doctor";
  json["ready"] = report.ready();
  json["checks"] = Json::array();
  for (const DoctorCheck& check : report.machine) json["checks"].push_back(check_json(check));
  for (const DoctorCheck& check : report.program) json["checks"].push_back(check_json(check));
  if (report.examined) {
    json["checks"].push_back(check_json(report.same_seed));
    json["modules"] = modules_json(report);
    json["not_instrumented"] = {{"files", report.inventory.plain_units},
                                {"functions", report.inventory.plain_functions}};
    json["blind"] = blind_json(report, language);
    json["varying"] = varying_json(report, language);
  }
  fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace));
}

}  // namespace

bool DoctorReport::ready() const {
  const auto fine = [](const DoctorCheck& check) { return check.ok || !check.required; };
  return std::all_of(machine.begin(), machine.end(), fine) &&
         std::all_of(program.begin(), program.end(), fine);
}

void print_doctor(const DoctorReport& report, const Invocation& invocation) {
  if (invocation.json) return print_json(report, invocation.language);
  const TextStyle style = style_for(invocation, STDOUT_FILENO);
  TextPrinter(report, style).print();
}

}  // namespace trama
