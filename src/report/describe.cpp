#include "report/describe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "event/io_fault.hpp"
#include "report/demangle.hpp"
#include "report/lane.hpp"
#include "report/lost_update.hpp"
#include "report/text_width.hpp"
#include "trace/places.hpp"

namespace trama {

std::string value_text(std::uint64_t value, unsigned size) {
  switch (size) {
    case 1: return fmt::format("{}", static_cast<int>(static_cast<std::int8_t>(value)));
    case 2: return fmt::format("{}", static_cast<std::int16_t>(value));
    case 4: return fmt::format("{}", static_cast<std::int32_t>(value));
    default: break;
  }
  // A value like an address or a double reads better in hexadecimal.
  const auto number = static_cast<std::int64_t>(value);
  constexpr std::int64_t kLarge = std::int64_t{1} << 40;
  if (number <= kLarge && number >= -kLarge) return fmt::format("{}", number);
  constexpr std::size_t kWidest = 12;
  std::string text = fmt::format("{:#x}", value);
  if (text.size() > kWidest) text.replace(6, text.size() - (kWidest - 1), "…");
  return text;
}

namespace {

std::string module_address(const Trace& trace, std::uint32_t place) {
  if (place >= trace.places.size()) return {};
  const TracePlace& where = trace.places[place];
  const std::string_view module =
      where.module < trace.modules.size() ? base_name(trace.modules[where.module].path) : "?";
  return printable(fmt::format("{}+{:#x}", module, where.offset));
}

/// Values up to 8 bytes are shown as signed numbers of their size: money may be negative.
/// The innermost frame that has at least a name.
const SourceFrame* first_named(const Trace& trace, const TraceStack& stack) {
  for (const std::uint32_t place : stack) {
    for (const SourceFrame& frame : trace.places[place].frames) {
      if (!frame.function.empty()) return &frame;
    }
  }
  return nullptr;
}

/// Index of the bracket that closes the one at `open`; npos if none does.
std::size_t closing(std::string_view text, std::size_t open, char left, char right) {
  std::size_t depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == left) ++depth;
    if (text[i] == right && --depth == 0) return i;
  }
  return std::string_view::npos;
}

std::string symbol_at(const Trace& trace, std::uint64_t address) {
  for (const TraceObject& object : trace.objects) {
    if (object.address == address && !object.symbol.empty()) return printable(object.symbol);
  }
  return {};
}

/// Where the runtime puts the program's heap and its threads' stacks.
constexpr std::uint64_t kHeapAt = 0x620000000000;
constexpr std::uint64_t kStacksAt = 0x630000000000;
constexpr std::uint64_t kAreaBytes = std::uint64_t{1} << 38U;

/// "heap@12040", "stack@80fdf8": the address within its area; empty for all other memory.
std::string area_name(std::uint64_t address, Language language) {
  const auto within = [&](std::uint64_t area) {
    return address >= area && address - area < kAreaBytes;
  };
  if (within(kHeapAt)) return say(language, Message::memory_in_heap, address - kHeapAt);
  if (within(kStacksAt)) return say(language, Message::memory_in_stack, address - kStacksAt);
  return {};
}

/// What a step works on, as short as a cell of the table wants it.
std::string target_name(const Trace& trace, const Event& event, Language language) {
  if (event.object != kNoObject && event.object < trace.objects.size()) {
    const TraceObject& object = trace.objects[event.object];
    if (object.kind != ObjectKind::memory || !object.symbol.empty()) {
      return object_name(trace, event.object);
    }
  }
  return event.address == 0 ? std::string() : address_name(trace, event.address, language);
}

/// "5000 → 4990" becomes "5000→4990", for narrow columns.
void close_up_arrow(std::string& text) {
  constexpr std::string_view kArrow = " → ";
  const std::size_t at = text.find(kArrow);
  if (at != std::string::npos) text.replace(at, kArrow.size(), "→");
}

std::string values_text(const Event& event) {
  std::string before = value_text(event.before, event.size);
  std::string after = value_text(event.after, event.size);
  switch (event.operation) {
    case Operation::load:
    case Operation::read: return before;
    case Operation::compare_exchange:
      return event.outcome == Outcome::failed ? fmt::format("{} ✗", before)
                                              : fmt::format("{} → {}", before, after);
    case Operation::write:
      // Of what a call put there (recv, read) only that is known; and nothing changed otherwise.
      if (event.before == event.after) return after;
      return fmt::format("{} → {}", before, after);
    default: return fmt::format("{} → {}", before, after);
  }
}

std::string values_text(const TraceStep& step) {
  // A store that came behind a newer one changed nothing that stood there.
  const bool overtaken = step.newer != kNoIndex && step.event.operation == Operation::store;
  return overtaken ? value_text(step.event.after, step.event.size) : values_text(step.event);
}

/// " → EINTR (injected)": what a fault made of the step.
std::string fault_text(const Event& event, Language language) {
  const IoFault fault = fault_of(event);
  const auto result = static_cast<std::int64_t>(event.after);
  if (fault == IoFault::short_count && result >= 0) {
    return " → " + say(language, Message::cell_injected_part, result, fault_amount(event));
  }
  if (result >= 0) {  // broken off after a part
    return fmt::format(" → {} ({}: {})", result, to_text(fault),
                       text_of(Message::cell_injected, language));
  }
  const char* name = strerrorname_np(static_cast<int>(-result));
  return fmt::format(" → {} ({})", name == nullptr ? "✗" : name,
                     text_of(Message::cell_injected, language));
}

/// The title says what the detail is.
bool has_detail_in_title(const Finding& finding) {
  return (finding.reason == "thread-limit" || finding.reason == "memory-leak") &&
         !finding.detail.empty();
}

}  // namespace

std::string thread_name(const Trace& trace, ThreadId thread) {
  if (thread == kNoThread) return "?";
  if (thread < trace.threads.size() && !trace.threads[thread].name.empty()) {
    return printable(trace.threads[thread].name);
  }
  return fmt::format("T{}", thread);
}

std::string object_name(const Trace& trace, ObjectId object) {
  if (object == kNoObject || object >= trace.objects.size()) return "?";
  const TraceObject& it = trace.objects[object];
  if (!it.symbol.empty()) return printable(it.symbol);
  return it.name.empty() ? fmt::format("#{}", object) : printable(it.name);
}

std::string address_name(const Trace& trace, std::uint64_t address, Language language) {
  std::string name;
  for (const TraceObject& object : trace.objects) {
    if (object.address != address || object.address == 0) continue;
    if (!object.symbol.empty()) return printable(object.symbol);
    if (object.kind == ObjectKind::memory) name = printable(object.name);
  }
  for (const Finding& finding : trace.findings) {
    if (address >= finding.memory_base && address - finding.memory_base < finding.memory_size) {
      return say(language, Message::memory_block_byte, address - finding.memory_base);
    }
    for (const FindingAccess& access : finding.accesses) {
      if (!name.empty() || !is_about_memory(finding.code) || access.address != address) continue;
      return finding.memory == MemoryKind::stack
                 ? say(language, Message::memory_local, thread_name(trace, finding.memory_thread))
                 : say(language, Message::memory_short);
    }
  }
  if (std::string area = area_name(address, language); !area.empty()) return area;
  return name.empty() ? fmt::format("@{:x}", address) : name;
}

std::string memory_text(const Trace& trace, const Finding& finding, Language language) {
  if (!is_about_memory(finding.code) || finding.accesses.empty()) return {};
  const std::uint64_t address = finding.accesses.back().address;
  if (!symbol_at(trace, address).empty()) return {};
  const std::string thread = thread_name(trace, finding.memory_thread);
  switch (finding.memory) {
    case MemoryKind::heap:
      if (finding.memory_size == 0) return say(language, Message::memory_heap, address);
      return say(language, Message::memory_block, finding.memory_size, thread,
                 place_text(trace, kNoIndex, finding.memory_stack), address - finding.memory_base);
    case MemoryKind::stack: return say(language, Message::memory_stack, thread);
    case MemoryKind::statics:
    case MemoryKind::unknown: break;
  }
  return say(language, Message::memory_at, address);
}

bool goes_round(Operation operation) {
  return is_atomic(operation) || operation == Operation::yield || operation == Operation::sleep ||
         operation == Operation::try_lock || operation == Operation::read;
}

std::string awaited(const Trace& trace, const FindingAccess& access) {
  return access.step < trace.steps.size() ? printable(trace.steps[access.step].text)
                                          : std::string();
}

std::string access_text(const Trace& trace, const FindingAccess& access, Language language) {
  if (access.operation == Operation::task_create) return say(language, Message::cell_not_begun);
  if (access.address != 0 && access.object == kNoObject) {
    return fmt::format("{} {}", verb(access.operation, language),
                       address_name(trace, access.address, language));
  }
  if (access.operation == Operation::join && access.holder != kNoThread) {
    return say(language, Message::cell_waits_thread, thread_name(trace, access.holder));
  }
  if (goes_round(access.operation)) {
    return access.object == kNoObject
               ? std::string(text_of(Message::cell_goes_round, language))
               : say(language, Message::cell_looks, object_name(trace, access.object));
  }
  if (access.operation == Operation::wait_signal || access.operation == Operation::wait_process) {
    return std::string(verb(access.operation, language));
  }
  const bool known = access.object != kNoObject;
  return say(language, Message::cell_waits, known ? object_name(trace, access.object) : "?");
}

std::string lost_update_text(const Trace& trace, const Finding& finding, Language language) {
  const std::optional<LostUpdate> lost = find_lost_update(trace, finding);
  if (!lost) return {};
  const Event& read = trace.steps[lost->read].event;
  const Event& between = trace.steps[lost->between].event;
  const Event& write = trace.steps[lost->write].event;
  const Message message = lost->looked_again ? Message::outdated_check : Message::lost_update;
  const auto name = [&](std::uint32_t step) {
    return lane_name(trace, lane_of(trace, trace.steps[step]), language);
  };
  return say(language, message, name(lost->read), target_name(trace, write, language),
             value_text(read.before, read.size), name(lost->between),
             value_text(between.after, between.size), value_text(write.after, write.size));
}

std::string short_function(std::string_view function) {
  // Cut at the parameter list; a lambda's name stands for the function it is in.
  std::string_view rest = function;
  for (const std::string_view mark : {"::{lambda", "::$_"}) {  // of GCC's and, local, of clang's
    if (const auto lambda = rest.find(mark); lambda != std::string_view::npos) {
      return short_function(rest.substr(0, lambda)) + "::λ";
    }
  }
  if (rest.starts_with("operator()")) return "λ";
  std::size_t begin = 0;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == '<') {
      const std::size_t end = closing(rest, i, '<', '>');
      if (end == std::string_view::npos) break;
      i = end;
    } else if (rest[i] == ' ') {
      begin = i + 1;  // a return type came before
    } else if (rest[i] == '(') {
      if (rest.substr(i).starts_with("(anonymous namespace)::")) {
        i += std::string_view("(anonymous namespace)::").size() - 1;
        begin = i + 1;
        continue;
      }
      rest = rest.substr(0, i);
      break;
    }
  }
  std::string result;
  for (std::size_t i = begin; i < rest.size(); ++i) {
    if (rest[i] == '<') {
      const std::size_t end = closing(rest, i, '<', '>');
      if (end == std::string_view::npos) break;
      i = end;
    } else {
      result += rest[i];
    }
  }
  return result.empty() ? std::string(function) : result;
}

std::string place_text(const Trace& trace, std::uint32_t place, std::uint32_t stack) {
  if (const SourceFrame* frame = user_frame(trace, place, stack)) {
    return printable(fmt::format("{}:{}", base_name(frame->file), frame->line));
  }
  if (place < trace.places.size()) return module_address(trace, place);
  if (stack < trace.stacks.size() && !trace.stacks[stack].empty()) {
    return module_address(trace, trace.stacks[stack].front());
  }
  return {};
}

std::string stack_text(const Trace& trace, std::uint32_t stack) {
  std::string place = place_text(trace, kNoIndex, stack);
  const SourceFrame* frame = user_frame(trace, kNoIndex, stack);
  if (frame == nullptr && stack < trace.stacks.size())
    frame = first_named(trace, trace.stacks[stack]);
  if (frame == nullptr || frame->function.empty()) return place;
  return fmt::format("{} {}", printable(short_function(frame->function)), place);
}

namespace {

/// The coroutine that takes the step, where no library tells us of tasks: bare Asio, for one.
std::string coroutine_of(const Trace& trace, const TraceStep& step) {
  if (!trace.tasks.empty() || step.stack >= trace.stacks.size()) return {};
  for (const std::uint32_t place : trace.stacks[step.stack]) {
    const std::vector<SourceFrame>& frames = trace.places[place].frames;
    if (frames.empty() || !is_coroutine(frames.back().function)) continue;
    if (!is_library_file(frames.back().file)) {
      return printable(short_function(frames.back().function));
    }
  }
  return {};
}

/// "creates kitchen", "awaits sleep": a row of a task.
std::string task_text(const Trace& trace, const TraceStep& step, Language language) {
  const Operation operation = step.event.operation;
  std::string text(verb(operation, language));
  if (operation == Operation::task_await && !step.text.empty()) {
    return text + ' ' + printable(step.text);
  }
  const bool names_other = step.other_task != kNoTask;
  if (operation == Operation::task_resume) {
    const ThreadId thread = step.event.thread;
    if (names_other) {
      return say(language, Message::cell_resumed_by, task_name(trace, step.other_task, language));
    }
    const bool at_home = step.task < trace.tasks.size() && trace.tasks[step.task].creator == thread;
    return at_home ? text : say(language, Message::cell_resumed_in, thread_name(trace, thread));
  }
  return names_other ? text + ' ' + task_name(trace, step.other_task, language) : text;
}

}  // namespace

std::string step_text(const Trace& trace, const TraceStep& step, Language language,
                      std::size_t width) {
  const Event& event = step.event;
  if (is_of_task(event.operation)) return task_text(trace, step, language);
  std::string before(verb(event.operation, language));
  if (const std::string coroutine = coroutine_of(trace, step); !coroutine.empty()) {
    before.insert(0, coroutine + ": ");
  }
  if (event.other != kNoThread) before += ' ' + thread_name(trace, event.other);
  const bool has_value = is_atomic(event.operation) || event.operation == Operation::read ||
                         event.operation == Operation::write;
  std::string after;
  if (has_value && event.size > 0 && event.size <= 8) after += ": " + values_text(step);
  if (step.newer != kNoIndex) after += " (" + say(language, Message::cell_old) + ")";
  if (event.operation == Operation::choose || event.operation == Operation::exit) {
    after += fmt::format(" {}", event.after);
  }
  if (!step.text.empty()) after += " \"" + printable(step.text) + '"';
  const bool injected = fault_of(event) != IoFault::none;
  if (injected) after += fault_text(event, language);
  if (event.outcome == Outcome::failed && !has_value && !injected) after += " ✗";
  if (event.outcome == Outcome::timed_out) after += " ⏱";
  std::string target = target_name(trace, event, language);
  const auto used = [&] { return display_width(before) + display_width(after); };
  const std::size_t least = std::min<std::size_t>(4, display_width(target));
  if (used() + 1 + least > width) close_up_arrow(after);
  if (target.empty() || (has_value && used() + 1 + least > width)) return before + after;
  const std::size_t room = std::max(width > used() + 1 ? width - used() - 1 : 0, least);
  target = has_value ? shorten_left(target, room) : shorten(target, room);
  return before + ' ' + target + after;
}

std::string_view verb(Operation operation, Language language) {
  struct Verb {
    Operation operation;
    std::string_view en;
    std::string_view pt;
  };
  constexpr Verb verbs[] = {
      {Operation::start, "starts", "começa"},
      {Operation::create, "creates", "cria"},
      {Operation::join, "joins", "espera o fim de"},
      {Operation::try_join, "tries to join", "tenta o join de"},
      {Operation::detach, "detaches", "solta"},
      {Operation::cancel, "cancels", "cancela"},
      {Operation::cancelled, "is cancelled at", "é cancelada em"},
      {Operation::finish, "ends", "termina"},
      {Operation::lock, "locks", "trava"},
      {Operation::try_lock, "tries to lock", "tenta travar"},
      {Operation::timed_lock, "locks (timed)", "trava (com prazo)"},
      {Operation::read_lock, "locks for reading", "trava para ler"},
      {Operation::try_read_lock, "tries to lock for reading", "tenta travar para ler"},
      {Operation::unlock, "unlocks", "destrava"},
      {Operation::destroy, "destroys", "destrói"},
      {Operation::abandon, "ends, holding", "termina segurando"},
      {Operation::open, "opens", "abre"},
      {Operation::close, "closes", "fecha"},
      {Operation::acquire, "takes one of", "pega um de"},
      {Operation::try_acquire, "tries to take one of", "tenta pegar um de"},
      {Operation::release, "gives one to", "devolve um a"},
      {Operation::arrive, "arrives at", "chega a"},
      {Operation::wait, "waits on", "espera em"},
      {Operation::timed_wait, "waits (timed) on", "espera (com prazo) em"},
      {Operation::wake, "wakes from", "acorda de"},
      {Operation::notify_one, "notifies one of", "avisa um de"},
      {Operation::notify_all, "notifies all of", "avisa todos de"},
      {Operation::futex_wait, "waits on", "espera em"},
      {Operation::futex_woken, "wakes from", "acorda de"},
      {Operation::futex_wake, "wakes waiters of", "acorda quem espera"},
      {Operation::once_enter, "enters once", "entra em once"},
      {Operation::once_leave, "leaves once", "sai de once"},
      {Operation::load, "loads", "lê"},
      {Operation::store, "stores", "guarda"},
      {Operation::exchange, "exchanges", "troca"},
      {Operation::fetch_add, "adds to", "soma a"},
      {Operation::fetch_sub, "subtracts from", "subtrai de"},
      {Operation::fetch_and, "ands", "and em"},
      {Operation::fetch_or, "ors", "or em"},
      {Operation::fetch_xor, "xors", "xor em"},
      {Operation::fetch_nand, "nands", "nand em"},
      {Operation::compare_exchange, "compares & swaps", "compara e troca"},
      {Operation::fence, "fence", "cerca"},
      {Operation::read, "reads", "lê"},
      {Operation::write, "writes", "grava"},
      {Operation::free, "frees", "libera"},
      {Operation::allocate, "allocates", "aloca"},
      {Operation::yield, "yields", "cede a vez"},
      {Operation::sleep, "sleeps", "dorme"},
      {Operation::clock, "reads the clock", "lê o relógio"},
      {Operation::output, "prints", "imprime"},
      {Operation::input, "reads input", "lê a entrada"},
      {Operation::choose, "chooses", "escolhe"},
      {Operation::exit, "the process ends:", "o processo termina:"},
      {Operation::fd_open, "opens", "abre"},
      {Operation::fd_read, "reads from", "lê de"},
      {Operation::fd_write, "writes to", "escreve em"},
      {Operation::fd_connect, "connects", "conecta"},
      {Operation::fd_accept, "accepts at", "aceita em"},
      {Operation::fd_bind, "binds", "vincula"},
      {Operation::fd_listen, "listens at", "escuta em"},
      {Operation::fd_close, "closes an end of", "fecha uma ponta de"},
      {Operation::fd_lock, "locks the file", "trava o arquivo"},
      {Operation::fd_unlock, "unlocks the file", "destrava o arquivo"},
      {Operation::poll, "polls", "consulta"},
      {Operation::pick_ready, "takes part of what is due in", "recebe parte do que está pronto em"},
      {Operation::send_signal, "signals", "sinaliza"},
      {Operation::handle_signal, "handles", "trata"},
      {Operation::wait_signal, "waits for a signal", "espera um sinal"},
      {Operation::start_process, "starts a process", "inicia um processo"},
      {Operation::wait_process, "waits for a process", "espera um processo"},
      {Operation::task_create, "creates", "cria"},
      {Operation::task_resume, "goes on", "continua"},
      {Operation::task_await, "awaits", "aguarda"},
      {Operation::task_finish, "ends", "termina"},
      {Operation::task_forget, "forgets", "esquece"},
      {Operation::task_throw, "throws", "lança"},
  };
  for (const Verb& it : verbs) {
    if (it.operation == operation) return language == Language::pt ? it.pt : it.en;
  }
  return to_text(operation);
}

bool is_about_memory(FindingCode code) {
  return code == FindingCode::race || code == FindingCode::use_after_free;
}

std::string finding_title(const Finding& finding, Language language) {
  if (has_detail_in_title(finding)) {
    const Message title =
        finding.reason == "thread-limit" ? Message::title_thread_limit : Message::title_memory_leak;
    return say(language, title, printable(finding.detail));
  }
  if (finding.reason == "thread-storage-ended") {
    return say(language, Message::title_thread_storage_ended);
  }
  if (finding.reason == "thread-leak") return say(language, Message::title_thread_leak);
  if (finding.reason == "double-free") return say(language, Message::title_double_free);
  if (finding.reason == "invalid-free") return say(language, Message::title_invalid_free);
  constexpr Message titles[] = {
      Message::title_race,         Message::title_deadlock,       Message::title_lost_wakeup,
      Message::title_assert,       Message::title_abort,          Message::title_exit,
      Message::title_uncaught,     Message::title_crash,          Message::title_misuse,
      Message::title_leak,         Message::title_use_after_free, Message::title_livelock,
      Message::title_blocked_loop, Message::title_forgotten,      Message::title_blind,
  };
  return std::string(text_of(titles[static_cast<unsigned>(finding.code)], language));
}

std::string finding_why(const Finding& finding, Language language) {
  if (finding.reason == "deadlock-blocked") {
    for (const FindingAccess& access : finding.accesses) {
      if (access.operation == Operation::task_await)
        return say(language, Message::why_deadlock_tasks);
    }
  }
  // The key of a why is "why_" and the reason with underscores: no second table to keep.
  std::string key = "why_" + finding.reason;
  for (char& c : key) c = c == '-' ? '_' : c;
  for (const MessageTexts& texts : kMessages) {
    if (texts.key == key) return std::string(language == Language::pt ? texts.pt : texts.en);
  }
  const std::string title = finding_title(finding, language);
  return title + '.';
}

std::string finding_message(const Trace& trace, const Finding& finding, Language language) {
  std::string text = finding_title(finding, language);
  if (is_about_memory(finding.code) && !finding.accesses.empty()) {
    const std::string memory = memory_text(trace, finding, language);
    const std::uint64_t address = finding.accesses.back().address;
    text += ": " + (memory.empty() ? address_name(trace, address, language) : memory);
  }
  if (!finding.detail.empty() && !has_detail_in_title(finding))
    text += ": " + printable(finding.detail);
  return text;
}

std::string finding_brief(const Trace& trace, const Finding& finding, Language language) {
  if (finding.code == FindingCode::exit_status) {
    return say(language, Message::brief_status, printable(finding.detail));
  }
  if (is_about_memory(finding.code) && !finding.accesses.empty()) {
    return address_name(trace, finding.accesses.back().address, language);
  }
  return finding.detail.empty() || has_detail_in_title(finding) ? finding_title(finding, language)
                                                                : printable(finding.detail);
}

bool lacks_lines(const Trace& trace) {
  for (const TracePlace& place : trace.places) {
    for (const SourceFrame& frame : place.frames) {
      if (frame.line != 0) return false;
    }
  }
  return !trace.places.empty();
}

}  // namespace trama
