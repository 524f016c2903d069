// Calls that synchronise or block and are not under control: named, then passed on.
//
// One table. What is implemented leaves it; what stays is told to the user with the symbol
// and its caller (BLIND), because a verdict is only as good as what was seen.
#include <cstring>
#include <string>
#include <string_view>

#include "runtime/engine.hpp"
#include "runtime/modules.hpp"
#include "runtime/real.hpp"
#include "runtime/rewind.hpp"
#include "runtime/text.hpp"

namespace trama::runtime {
namespace {

char* g_list = nullptr;
std::size_t g_list_bytes = 0;

/// Passes a call on with all its arguments untouched, whatever they are: six integers or
/// pointers, which covers every function in the table.
using Any = long (*)(long, long, long, long, long, long);

}  // namespace

void set_blind_list(char* list, std::size_t bytes) {
  g_list = list;
  g_list_bytes = bytes;
}

void note_blind(const char* symbol, void* pc) {
  if (g_list == nullptr) return;
  const std::string_view known(g_list);
  // One line a symbol: the first caller is enough to find it.
  for (std::size_t at = 0; at < known.size();) {
    const std::size_t end = known.find('\n', at);
    const std::string_view line = known.substr(at, end - at);
    if (line.substr(0, line.find(' ')) == symbol) return;
    if (end == std::string_view::npos) break;
    at = end + 1;
  }
  std::string line(symbol);
  const auto address = reinterpret_cast<std::uint64_t>(pc);
  const std::uint32_t module = module_of(address);
  line += ' ';
  append_number(line, module == kNoIndex ? 0 : module);
  line += " 0x";
  append_hex(line, module == kNoIndex ? address : address - modules()[module].description.base);
  line += '\n';
  const std::size_t room = g_list_bytes - 1 - known.size();
  if (line.size() <= room) memcpy(g_list + known.size(), line.data(), line.size());
}

}  // namespace trama::runtime

using namespace trama::runtime;

// Defined under a name of ours and given the symbol's name for the linker only: the headers
// declare these functions with types of their own.
#define TRAMA_STANDS_FOR(name)                                                      \
  TRAMA_EXPORT long stand_in_##name(long, long, long, long, long, long) asm(#name); \
  TRAMA_EXPORT long stand_in_##name(long a, long b, long c, long d, long e, long f)

#define TRAMA_BLIND(name)                                        \
  TRAMA_STANDS_FOR(name) {                                       \
    static auto* real = reinterpret_cast<Any>(find_real(#name)); \
    if (g_active) note_blind(#name, TRAMA_PC);                   \
    return real(a, b, c, d, e, f);                               \
  }
// The same for calls after which an execution cannot be rewound within the process.
#define TRAMA_BLIND_UNREWINDABLE(name)                           \
  TRAMA_STANDS_FOR(name) {                                       \
    static auto* real = reinterpret_cast<Any>(find_real(#name)); \
    if (g_active) {                                              \
      note_blind(#name, TRAMA_PC);                               \
      need_fork(#name);                                          \
    }                                                            \
    return real(a, b, c, d, e, f);                               \
  }
// For these libc loads libraries by itself (character sets, name services). They synchronise
// nothing, but what the loader then knows is not rewound.
#define TRAMA_UNREWINDABLE(name)                                 \
  TRAMA_STANDS_FOR(name) {                                       \
    static auto* real = reinterpret_cast<Any>(find_real(#name)); \
    if (g_active) need_fork(#name);                              \
    return real(a, b, c, d, e, f);                               \
  }

extern "C" {
TRAMA_BLIND(epoll_wait)
TRAMA_BLIND(epoll_pwait)
TRAMA_BLIND(msgsnd)
TRAMA_BLIND(msgrcv)
TRAMA_BLIND(semop)
TRAMA_BLIND(semtimedop)
TRAMA_BLIND(signalfd)
TRAMA_BLIND(accept)
TRAMA_BLIND(accept4)
TRAMA_BLIND(connect)
TRAMA_BLIND(flockfile)
TRAMA_BLIND_UNREWINDABLE(dlopen)
TRAMA_UNREWINDABLE(iconv_open)
TRAMA_UNREWINDABLE(getaddrinfo)
TRAMA_UNREWINDABLE(getnameinfo)
TRAMA_UNREWINDABLE(gethostbyname)
TRAMA_UNREWINDABLE(gethostbyname_r)
TRAMA_UNREWINDABLE(gethostbyaddr)
TRAMA_UNREWINDABLE(getservbyname)
TRAMA_UNREWINDABLE(getpwnam)
TRAMA_UNREWINDABLE(getpwnam_r)
TRAMA_UNREWINDABLE(getpwuid)
TRAMA_UNREWINDABLE(getpwuid_r)
TRAMA_UNREWINDABLE(getgrnam)
TRAMA_UNREWINDABLE(getgrnam_r)
TRAMA_UNREWINDABLE(getgrgid)
TRAMA_UNREWINDABLE(getgrgid_r)
TRAMA_UNREWINDABLE(getgrouplist)
}
