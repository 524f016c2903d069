#include "report/blind.hpp"

#include <fmt/format.h>

#include <string_view>

#include "report/describe.hpp"
#include "report/text_width.hpp"
#include "trace/places.hpp"

namespace trama {
namespace {

struct Family {
  std::string_view prefix;  ///< of the symbol, underscores before it aside
  Message advice;
};

// The first that fits counts.
constexpr Family kFamilies[] = {
    {"io_uring", Message::blind_advice_io_uring},
    {"sendfile", Message::blind_advice_descriptor},
    {"splice", Message::blind_advice_descriptor},
    {"poll", Message::blind_advice_descriptor},
    {"ppoll", Message::blind_advice_descriptor},
    {"select", Message::blind_advice_descriptor},
    {"pselect", Message::blind_advice_descriptor},
    {"epoll", Message::blind_advice_descriptor},
    {"eventfd", Message::blind_advice_descriptor},
    {"accept", Message::blind_advice_socket},
    {"connect", Message::blind_advice_socket},
    {"recv", Message::blind_advice_socket},
    {"send", Message::blind_advice_socket},
    {"res_", Message::blind_advice_socket},
    {"fork", Message::blind_advice_process},
    {"vfork", Message::blind_advice_process},
    {"Fork", Message::blind_advice_process},
    {"clone", Message::blind_advice_process},
    {"exec", Message::blind_advice_process},
    {"fexecve", Message::blind_advice_process},
    {"posix_spawn", Message::blind_advice_process},
    {"system", Message::blind_advice_process},
    {"popen", Message::blind_advice_process},
    {"pclose", Message::blind_advice_process},
    {"daemon", Message::blind_advice_process},
    {"wait", Message::blind_advice_process},
    {"flock", Message::blind_advice_ipc},
    {"lockf", Message::blind_advice_ipc},
    {"fcntl", Message::blind_advice_ipc},
    {"mq_", Message::blind_advice_ipc},
    {"msg", Message::blind_advice_ipc},
    {"sem", Message::blind_advice_ipc},
    {"shm", Message::blind_advice_ipc},
    {"sig", Message::blind_advice_signal},
    {"kill", Message::blind_advice_signal},
    {"tgkill", Message::blind_advice_signal},
    {"pthread_kill", Message::blind_advice_signal},
    {"pthread_sigqueue", Message::blind_advice_signal},
    {"alarm", Message::blind_advice_signal},
    {"ualarm", Message::blind_advice_signal},
    {"setitimer", Message::blind_advice_signal},
    {"timer", Message::blind_advice_signal},
    {"pause", Message::blind_advice_signal},
    {"aio_", Message::blind_advice_thread},
    {"lio_", Message::blind_advice_thread},
    {"gai_", Message::blind_advice_thread},
    {"getaddrinfo_a", Message::blind_advice_thread},
    {"getaddrinfo", Message::blind_advice_socket},
};

constexpr std::string_view kSystemCall = "syscall(SYS_";

}  // namespace

std::string blind_place(const BlindCall& call) {
  const std::string line =
      call.line == 0 ? call.address : fmt::format("{}:{}", base_name(call.file), call.line);
  if (call.function.empty()) return printable(line);
  const std::string name = short_function(call.function);
  return printable(line.empty() ? name : fmt::format("{}, {}", name, line));
}

std::string blind_text(const BlindCall& call, Language language) {
  const Message message = call.kind == BlindKind::call          ? Message::blind_line
                          : call.kind == BlindKind::instruction ? Message::blind_instruction
                                                                : Message::blind_library;
  return say(language, message, printable(call.symbol), blind_place(call));
}

Message blind_advice(const BlindCall& call) {
  if (call.kind == BlindKind::instruction) return Message::blind_advice_instruction;
  if (call.kind == BlindKind::library) return Message::blind_advice_library;
  std::string_view name = call.symbol;
  if (name.starts_with(kSystemCall)) name.remove_prefix(kSystemCall.size());
  while (name.starts_with('_')) name.remove_prefix(1);
  for (const Family& family : kFamilies) {
    if (name.starts_with(family.prefix)) return family.advice;
  }
  return Message::blind_advice;
}

}  // namespace trama
