// Link: the runtime's end of the conversation with the command line (trace/session.hpp).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/options.hpp"
#include "explore/hunt.hpp"
#include "explore/tally.hpp"
#include "trace/session.hpp"
#include "trace/trace.hpp"

namespace trama::runtime {

class Link {
 public:
  /// Takes the descriptors from the environment, reads options and trace, and cleans the
  /// environment of what brought us here.
  Link();

  [[nodiscard]] const Options& options() const { return options_; }
  /// The trace to replay; null when exploring.
  [[nodiscard]] const Trace* replay() const { return replaying_ ? &trace_ : nullptr; }
  /// The trace of the last execution is wanted even when it found nothing.
  [[nodiscard]] bool record_always() const { return record_; }
  [[nodiscard]] bool input_is_terminal() const { return input_is_terminal_; }
  [[nodiscard]] const char* program() const { return program_.c_str(); }

  [[nodiscard]] bool should_stop() const;
  void tell_progress(const HuntProgress& progress);
  void tell_tally(const Tally& tally);
  void tell_exit_status(int status);
  void tell_isolation(const char* reason);
  void tell_message(std::string_view message);
  void tell_verdict(SessionVerdict verdict);
  void write_output(const std::string& text);
  /// What an earlier session left to explore, once: the file is empty then.
  std::string take_state();
  /// Appends to what this one leaves.
  void write_state(std::string_view bytes);
  /// This session, in this process or another, has told of an operating error.
  [[nodiscard]] bool failed() const;

  /// Code places learned while recording, also in a forked process.
  void add_race_place(std::uint64_t pc);
  std::vector<std::uint64_t> take_race_places();

  /// Ends the process with a verdict.
  [[noreturn]] void end(SessionVerdict verdict);
  /// Ends the process with the verdict told before.
  [[noreturn]] void finish();
  /// An operating error: `format` holds one %s for `what`.
  [[noreturn]] void fail(const char* format, const char* what);

 private:
  struct Shared {
    std::uint32_t place_count;
    std::uint64_t places[64];
  };
  void read_input(int descriptor);
  bool write_all(int descriptor, std::string_view bytes);

  ControlBlock* control_ = nullptr;
  int output_ = -1;
  int state_ = -1;
  Options options_;
  Trace trace_;
  bool replaying_ = false;
  bool record_ = false;
  bool input_is_terminal_ = false;
  std::string program_;
  std::uint64_t started_ns_ = 0;
  Shared* shared_ = nullptr;
};

}  // namespace trama::runtime
