#include "cli/unseen.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <unordered_set>

#include "report/demangle.hpp"
#include "report/describe.hpp"
#include "report/symbols.hpp"
#include "trace/places.hpp"

namespace trama {
namespace {

bool is_of_interest(const UnseenInstruction& found) {
  return found.kind == UnseenKind::lock || found.kind == UnseenKind::system_call;
}

BlindCall call_at(const std::string& path, const UnseenInstruction& found) {
  BlindCall call;
  call.symbol = found.text;
  call.address = fmt::format("{}+{:#x}", base_name(path), found.address);
  if (found.function != nullptr) call.function = demangle(found.function->name);
  // Asked for a return address, it looks at the instruction before.
  for (const SourceFrame& frame : resolve_address(path, found.address + 1)) {
    if (frame.line == 0) continue;
    call.file = frame.file;
    call.line = frame.line;
    call.function = frame.function;
    if (!is_library_file(frame.file)) break;  // else who called it inline
  }
  return call;
}

/// The libraries that instrumented code calls, or that those call.
std::vector<std::size_t> used_libraries(const std::vector<LoadedModule>& modules,
                                        const std::vector<std::unique_ptr<ElfView>>& views) {
  std::vector<std::unordered_set<std::string_view>> exports(modules.size());
  for (std::size_t i = 0; i < modules.size(); ++i) {
    if (views[i] != nullptr) exports[i] = {views[i]->exports().begin(), views[i]->exports().end()};
  }
  std::vector<std::size_t> reached;
  std::vector<bool> seen(modules.size());
  for (std::size_t i = 0; i < modules.size(); ++i) {
    seen[i] = modules[i].instrumented;
    if (seen[i]) reached.push_back(i);
  }
  std::vector<std::size_t> libraries;
  for (std::size_t next = 0; next < reached.size(); ++next) {
    for (const std::string_view wanted : views[reached[next]]->imports()) {
      for (std::size_t i = 0; i < modules.size(); ++i) {
        if (seen[i] || views[i] == nullptr || !exports[i].contains(wanted)) continue;
        seen[i] = true;
        reached.push_back(i);
        libraries.push_back(i);
      }
    }
  }
  return libraries;
}

}  // namespace

bool is_known_library(const std::string& path) {
  constexpr std::array kKnown = {
      "libc.so",    "libm.so",    "libmvec.so",   "libpthread.so", "librt.so",    "libdl.so",
      "libtsan.so", "libutil.so", "libanl.so",    "libresolv.so",  "libnss_",     "ld-linux",
      "linux-vdso", "linux-gate", "libstdc++.so", "libgcc_s.so",   "libatomic.so"};
  const std::string_view name = base_name(path);
  return std::any_of(kKnown.begin(), kKnown.end(),
                     [&](std::string_view known) { return name.starts_with(known); });
}

bool is_compilers_own(const char* function) {
  constexpr std::array kPrefixes = {"_ZSt",
                                    "_ZNSt",
                                    "_ZNKSt",
                                    "_ZNS",
                                    "_ZNKS",
                                    "_ZTh",
                                    "_ZTv",
                                    "_ZN9__gnu_",
                                    "_ZNK9__gnu_",
                                    "_ZN11__gnu",
                                    "_ZN10__cxxab",
                                    "_Z27_txnal",
                                    "__cxa_",
                                    "__gxx_",
                                    "__gnu_",
                                    "_Unwind_",
                                    "__atomic_",
                                    "libat_",
                                    "__emutls",
                                    "__register",
                                    "__deregister",
                                    "atomic_",
                                    "execute_native_thread"};
  const std::string_view name = function;
  return name.find("gxx_") != std::string_view::npos ||
         name.find("_cxa_") != std::string_view::npos ||
         std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [&](std::string_view prefix) { return name.starts_with(prefix); });
}

bool is_test_frameworks_own(const char* function) {
  constexpr std::array kPrefixes = {"_ZN7testing", "_ZNK7testing", "_ZN5Catch",
                                    "_ZNK5Catch",  "_ZN7doctest",  "_ZNK7doctest"};
  const std::string_view name = function;
  return std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [&](std::string_view prefix) { return name.starts_with(prefix); });
}

ProgramScan::ProgramScan(std::string path, std::uint64_t code_bytes_max)
    : path_(std::move(path)), file_(std::make_unique<ElfView>(path_)) {
  brings_libraries_ = file_->defines("__cxa_throw") || file_->defines("_Unwind_Resume");
  std::uint64_t bytes = 0;
  for (const CodeSection& section : file_->code()) bytes += section.bytes.size();
  too_large_ = bytes > code_bytes_max;
  if (too_large_) return;
  coming_ = std::async(std::launch::async, [file = file_.get()] { return find_unseen(*file); });
}

const std::vector<UnseenInstruction>& ProgramScan::all() {
  if (coming_.valid()) found_ = coming_.get();
  return found_;
}

BlindCall ProgramScan::place_of(const UnseenInstruction& found) const {
  return call_at(path_, found);
}

bool ProgramScan::is_known_code(const BlindCall& place, const UnseenInstruction& found) const {
  // Their libraries come without lines.
  if (place.line != 0 || found.function == nullptr) return false;
  return is_test_frameworks_own(found.function->name) ||
         (brings_libraries_ && is_compilers_own(found.function->name));
}

std::vector<BlindCall> ProgramScan::blind() {
  std::vector<BlindCall> calls;
  for (const UnseenInstruction& found : all()) {
    if (!is_of_interest(found)) continue;
    BlindCall call = place_of(found);
    call.kind = BlindKind::instruction;
    if (is_known_code(call, found)) continue;
    const bool again = std::any_of(calls.begin(), calls.end(), [&](const BlindCall& known) {
      return known.function == call.function && known.file == call.file && known.line == call.line;
    });
    if (!again) calls.push_back(std::move(call));
  }
  return calls;
}

std::vector<BlindCall> unseen_in_libraries(const std::vector<LoadedModule>& modules) {
  std::vector<std::unique_ptr<ElfView>> views(modules.size());
  bool any = false;
  for (std::size_t i = 0; i < modules.size(); ++i) {
    const bool known = is_known_library(modules[i].path);
    any |= !known && !modules[i].instrumented;
    if (!known) views[i] = std::make_unique<ElfView>(modules[i].path);
  }
  std::vector<BlindCall> calls;
  if (!any) return calls;
  for (const std::size_t i : used_libraries(modules, views)) {
    for (const UnseenInstruction& found : find_unseen(*views[i])) {
      if (!is_of_interest(found)) continue;
      BlindCall call = call_at(modules[i].path, found);
      call.kind = BlindKind::library;
      call.symbol = base_name(modules[i].path);
      calls.push_back(std::move(call));
      break;  // once for a library is enough
    }
  }
  return calls;
}

void add_unseen(ProgramScan& scan, const std::vector<LoadedModule>& modules, Summary& summary) {
  for (BlindCall& call : scan.blind()) summary.blind.push_back(std::move(call));
  for (BlindCall& call : unseen_in_libraries(modules)) summary.blind.push_back(std::move(call));
}

}  // namespace trama
