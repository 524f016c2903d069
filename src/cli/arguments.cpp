#include "cli/arguments.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>
#include <map>
#include <string_view>
#include <type_traits>

#include "cli/language.hpp"
#include "event/io_fault.hpp"

namespace trama {
namespace {

constexpr std::string_view kCommands[] = {"run",  "hunt", "verify", "replay",
                                          "show", "c++",  "doctor", "help"};
constexpr std::string_view kValueOptions[] = {"lang", "color", "out", "resume"};

/// Where a number is not as good as any other.
struct Range {
  std::string_view option;
  std::uint64_t least;
  std::uint64_t most;
};
constexpr std::uint64_t kSecondsMax = 1000000000;
constexpr Range kRanges[] = {{"jobs", 1, 256},
                             {"time", 0, kSecondsMax},
                             {"stall", 0, kSecondsMax},
                             {"delay", 0, kSecondsMax * 1000},
                             {"loop-limit", 0, kSecondsMax * 1000},
                             {"max-steps", 1, 1000000000000}};
constexpr std::uint64_t kPreemptionsMax = 1000000;

bool explores(std::string_view command) {
  return command == "run" || command == "hunt" || command == "verify";
}

/// One with a value.
bool is_table_option(std::string_view name) {
#define TRAMA_X(type, identifier, flag, value, en, pt) \
  if (name == (flag)) return !std::is_same_v<Options::type, Options::Flag>;
  TRAMA_OPTIONS(TRAMA_X)
#undef TRAMA_X
  return false;
}

bool takes_value(std::string_view argument) {
  if (!argument.starts_with("--")) return false;
  const std::string_view name = argument.substr(2);
  return is_table_option(name) || std::find(std::begin(kValueOptions), std::end(kValueOptions),
                                            name) != std::end(kValueOptions);
}

/// The one whose value may be left out. What follows is its value where it reads as one, or can be
/// nothing else.
constexpr std::string_view kFaults = "io-faults";
bool is_value_of_faults(const std::string& next) {
  if (io_faults_from(next)) return true;
  std::error_code error;
  return next.find('/') == std::string::npos && !next.starts_with('-') &&
         !std::filesystem::exists(next, error);
}

std::string words_of_faults() {
  std::string words;
#define TRAMA_X(identifier, text, number) words += (words.empty() ? "" : ", ") + std::string(text);
  TRAMA_IO_FAULTS(TRAMA_X)
#undef TRAMA_X
  return words;
}

/// `-j 4`, `-j4` and `-j=4` are `--jobs 4`.
std::string unfold_jobs(const std::string& argument) {
  if (!argument.starts_with("-j")) return argument;
  if (argument.size() == 2) return "--jobs";
  return "--jobs=" + argument.substr(argument[2] == '=' ? 3 : 2);
}

/// Trama's own options, values joined (`--seed=7`), and what follows them.
struct Split {
  std::vector<std::string> own;
  std::string command;
  std::vector<std::string> operands;
};

Split split(const std::vector<std::string>& arguments) {
  Split result;
  auto at = arguments.begin();
  bool options_end = false;
  for (; at != arguments.end(); ++at) {
    if (*at == "--") {
      options_end = true;
    } else if (!options_end && at->size() > 1 && at->front() == '-') {
      const bool last = std::next(at) == arguments.end();
      const std::string own = unfold_jobs(*at);
      if (at->substr(2) == kFaults && (last || !is_value_of_faults(*std::next(at)))) {
        result.own.push_back(*at + "=all");
      } else if (takes_value(own) && !last) {
        result.own.push_back(own + "=" + *std::next(at));
        ++at;
      } else {
        result.own.push_back(own);
      }
    } else if (result.command.empty()) {
      result.command = *at;
      if (result.command == "c++") {
        result.operands.assign(std::next(at), arguments.end());
        return result;
      }
    } else {
      break;
    }
  }
  result.operands.assign(at, arguments.end());
  if (result.operands.size() > 1 && result.operands[1] == "--") {
    result.operands.erase(result.operands.begin() + 1);
  }
  return result;
}

Language find_language(const std::vector<std::string>& own) {
  Language language = language_of_environment();
  constexpr std::string_view kKey = "--lang=";
  for (const std::string& argument : own) {
    if (!argument.starts_with(kKey)) continue;
    language = language_from(std::string_view(argument).substr(kKey.size())).value_or(language);
  }
  return language;
}

/// What CLI11 stores while it parses; checked and converted afterwards.
struct Raw {
  std::map<std::string, std::string> values;  // by option name
  bool json = false;
  bool full = false;
  bool graph = false;
  bool dot = false;
  bool help = false;
  bool version = false;
};

class Parser {
 public:
  Parser(const Split& split, Language language)
      : split_(split), language_(language), app_("trama", "trama") {}

  Result<Invocation> parse() {
    declare();
    for (const std::string& argument : split_.own) {
      const std::size_t last = argument.size() - 1;
      if (argument.back() == '=' && argument.find('=') == last && has_value(argument, last)) {
        return Error{say(language_, Message::error_option_missing, argument.substr(0, last))};
      }
    }
    std::vector<std::string> reversed(split_.own.rbegin(), split_.own.rend());  // as CLI11 wants
    try {
      app_.parse(reversed);
    } catch (const CLI::ParseError&) {
      // Extras are allowed and values are texts: only a missing value is left to fail.
      return Error{say(language_, Message::error_option_missing,
                       split_.own.empty() ? "" : split_.own.back())};
    }
    return convert();
  }

 private:
  void declare() {
    app_.set_help_flag();
    app_.allow_extras();
    app_.add_flag("-h,--help", raw_.help);
    app_.add_flag("--version", raw_.version);
    app_.add_flag("--json", raw_.json);
    app_.add_flag("--full", raw_.full);
    for (const std::string_view name : kValueOptions) {
      if (name != "resume" || split_.command == "verify") add_value(name);
    }
    if (split_.command == "show") {
      app_.add_flag("--graph", raw_.graph);
      app_.add_flag("--dot", raw_.dot);
    }
    if (!explores(split_.command)) return;
#define TRAMA_X(type, identifier, flag, value, en, pt)                 \
  if (!option_serves(flag, split_.command)) {                          \
  } else if constexpr (std::is_same_v<Options::type, Options::Flag>) { \
    add_flag(flag);                                                    \
  } else {                                                             \
    add_value(flag);                                                   \
  }
    TRAMA_OPTIONS(TRAMA_X)
#undef TRAMA_X
  }

  /// True if the option that stands in the first `size` characters is one with a value here.
  [[nodiscard]] bool has_value(const std::string& argument, std::size_t size) const {
    return app_.get_option_no_throw(argument.substr(0, size)) != nullptr &&
           takes_value(argument.substr(0, size));
  }

  void add_value(std::string_view name) {
    const std::string key(name);
    app_.add_option_function<std::string>(
            "--" + key, [this, key](const std::string& value) { raw_.values[key] = value; })
        ->take_last();
  }

  void add_flag(std::string_view name) {
    const std::string key(name);
    app_.add_flag_callback("--" + key, [this, key] { raw_.values[key] = "true"; });
  }

  Result<Invocation> convert() {
    Invocation invocation;
    invocation.command = split_.command;
    invocation.language = language_;
    invocation.json = raw_.json;
    invocation.full = raw_.full;
    invocation.graph = raw_.graph;
    invocation.dot = raw_.dot;
    invocation.help = raw_.help || split_.command == "help";
    invocation.version = raw_.version;
    invocation.operands = split_.operands;
    if (const Error* error = check_names()) return *error;
    for (const auto& [name, value] : raw_.values) {
      if (const Error* error = set(invocation, name, value)) return *error;
    }
    if (invocation.options.list && invocation.options.jobs > 1) {
      return *fail(say(language_, Message::error_list_jobs));
    }
    if (invocation.options.list && !invocation.resume.empty()) {
      return *fail(say(language_, Message::error_list_resume));
    }
    if (invocation.options.time_s != 0 && !raw_.values.contains("executions")) {
      invocation.time_alone = true;
      invocation.options.executions = std::numeric_limits<std::uint64_t>::max();
    }
    return invocation;
  }

  const Error* check_names() {
    const bool known = std::find(std::begin(kCommands), std::end(kCommands), split_.command) !=
                       std::end(kCommands);
    for (const std::string_view later : {"play", "learn", "aula"}) {
      if (split_.command == later) return fail(say(language_, Message::error_not_yet, later));
    }
    if (!known && !split_.command.empty()) {
      return fail(say(language_, Message::error_unknown_command, split_.command));
    }
    const std::vector<std::string> extras = app_.remaining();
    if (extras.empty()) return nullptr;
    const std::string command = split_.command.empty() ? "" : split_.command;
    return fail(say(language_, Message::error_unknown_option, extras.front(), command));
  }

  const Error* set(Invocation& invocation, const std::string& name, const std::string& value) {
    if (name == "lang") return choice(name, value, {"en", "pt"});
    if (name == "color") {
      invocation.color = value == "always"  ? ColorChoice::always
                         : value == "never" ? ColorChoice::never
                                            : ColorChoice::automatic;
      return choice(name, value, {"auto", "always", "never"});
    }
    if (name == "out") {
      invocation.out_folder = value.empty() ? "." : value;
      return nullptr;
    }
    if (name == "resume") {
      invocation.resume = value;
      return nullptr;
    }
    if (name == "model") {
      if (const Error* error = choice(name, value, {"sc", "tso", "rc11"})) return error;
    }
    if (name == "preemptions") {
      Options number;  // read as any number is
      const bool good = set_option(number, "unroll", value) && number.unroll <= kPreemptionsMax;
      if (value != "all" && !good) {
        return fail(
            say(language_, Message::error_option_preemptions, name, value, kPreemptionsMax));
      }
    }
    if (name == "strategy") {
      if (const Error* error = choice(name, value, {"portfolio", "random", "pct", "round-robin"})) {
        return error;
      }
    }
    if (name == "isolate") {
      if (const Error* error = choice(name, value, {"auto", "snapshot", "fork"})) return error;
    }
    if (name == "network") {
      if (const Error* error = choice(name, value, {"memory", "real"})) return error;
    }
    if (name == kFaults && !io_faults_from(value)) {
      return fail(say(language_, Message::error_option_faults, name, value, words_of_faults()));
    }
    if (set_option(invocation.options, name, value)) {
      invocation.given.push_back(name);
      if (const Error* error = check_range(name, value)) return error;
      if (name != "executions" || invocation.options.executions != 0) return nullptr;
      return fail(say(language_, Message::error_option_zero, name));
    }
    return fail(say(language_, Message::error_option_value, name, value));
  }

  const Error* check_range(const std::string& name, const std::string& value) {
    for (const Range& range : kRanges) {
      if (range.option != name) continue;
      Options number;
      set_option(number, "unroll", value);
      if (number.unroll >= range.least && number.unroll <= range.most) return nullptr;
      return fail(
          say(language_, Message::error_option_range, name, value, range.least, range.most));
    }
    return nullptr;
  }

  const Error* choice(const std::string& name, const std::string& value,
                      std::initializer_list<std::string_view> allowed) {
    if (std::find(allowed.begin(), allowed.end(), value) != allowed.end()) return nullptr;
    return fail(say(language_, Message::error_option_choice, name, value,
                    fmt::format("{}", fmt::join(allowed, ", "))));
  }

  const Error* fail(std::string message) {
    error_.message = std::move(message);
    return &error_;
  }

  const Split& split_;
  Language language_;
  CLI::App app_;
  Raw raw_;
  Error error_;
};

}  // namespace

Result<Invocation> parse_arguments(const std::vector<std::string>& arguments, Language& language) {
  const Split parts = split(arguments);
  language = find_language(parts.own);
  return Parser(parts, language).parse();
}

}  // namespace trama
