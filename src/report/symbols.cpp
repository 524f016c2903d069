#include "report/symbols.hpp"

#include <map>
#include <memory>
#include <optional>

#include "report/module_symbols.hpp"

namespace trama {
namespace {

/// The module that an address most likely stands in: the one loaded next below it. Its
/// symbols decide; an address in nobody's data gets no name.
const TraceModule* module_below(const Trace& trace, std::uint64_t address) {
  const TraceModule* best = nullptr;
  for (const TraceModule& module : trace.modules) {
    if (module.base > address) continue;
    if (best == nullptr || module.base > best->base) best = &module;
  }
  return best;
}

void add_memory(Trace& trace, std::uint64_t address) {
  bool known = address == 0;
  for (const TraceObject& object : trace.objects) known = known || object.address == address;
  if (known) return;
  TraceObject object;
  object.kind = ObjectKind::memory;
  object.address = address;
  trace.objects.push_back(std::move(object));
}

/// Memory that raced, or whose accesses are noted, and that is nobody's object gets one, so that
/// reports have its name.
void add_memory_objects(Trace& trace) {
  if (trace.objects.empty()) trace.objects.emplace_back();
  for (const Finding& finding : trace.findings) {
    if (finding.code != FindingCode::race) continue;
    for (const FindingAccess& access : finding.accesses) add_memory(trace, access.address);
  }
  constexpr std::size_t kGranule = 8;  // notes are of one: so many addresses at most
  const std::size_t most = trace.objects.size() + kGranule;
  for (const TraceStep& step : trace.steps) {
    const Operation operation = step.event.operation;
    const bool plain = operation == Operation::read || operation == Operation::write;
    if (plain && step.event.object == kNoObject && trace.objects.size() < most) {
      add_memory(trace, step.event.address);
    }
  }
}

}  // namespace

/// The files by path.
class Resolver::Modules {
 public:
  ModuleSymbols& at(const std::string& path) {
    auto& entry = modules_[path];
    if (!entry) entry = std::make_unique<ModuleSymbols>(path);
    return *entry;
  }

  /// The file, if it still is the one that was loaded; else nullptr, with a note of it.
  ModuleSymbols* of(const TraceModule& module, ResolveResult& result) {
    ModuleSymbols& symbols = at(module.path);
    if (!symbols.is_open()) {
      if (module.instrumented) result.missing = module.path;
      return nullptr;
    }
    if (!module.build_id.empty() && symbols.build_id() != module.build_id) {
      if (module.instrumented) result.changed = module.path;
      return nullptr;
    }
    return &symbols;
  }

 private:
  std::map<std::string, std::unique_ptr<ModuleSymbols>> modules_;
};

Resolver::Resolver() : modules_(std::make_unique<Modules>()) {}
Resolver::~Resolver() = default;

ResolveResult Resolver::resolve(Trace& trace) {
  ResolveResult result;
  for (TracePlace& place : trace.places) {
    if (!place.frames.empty() || place.module >= trace.modules.size() || place.offset == 0) {
      continue;
    }
    ModuleSymbols* symbols = modules_->of(trace.modules[place.module], result);
    if (symbols != nullptr) place.frames = symbols->code(place.offset - 1);
  }
  if (!trace.modules.empty()) {
    ModuleSymbols* program = modules_->of(trace.modules.front(), result);
    result.debug_info = program == nullptr || program->has_debug_info();
  }
  add_memory_objects(trace);
  for (std::size_t i = 1; i < trace.objects.size(); ++i) {
    TraceObject& object = trace.objects[i];
    const TraceModule* module = module_below(trace, object.address);
    if (!object.symbol.empty() || module == nullptr || object.address == 0) continue;
    ModuleSymbols* symbols = modules_->of(*module, result);
    if (symbols != nullptr) object.symbol = symbols->data(object.address - module->base);
  }
  // A memory object that nothing could name would only repeat its address.
  while (trace.objects.size() > 1 && trace.objects.back().kind == ObjectKind::memory &&
         trace.objects.back().symbol.empty() && trace.objects.back().name.empty()) {
    trace.objects.pop_back();
  }
  return result;
}

bool is_unresolved(const Trace& trace) {
  for (const TracePlace& place : trace.places) {
    if (!place.frames.empty()) return false;
  }
  return !trace.places.empty();
}

std::vector<SourceFrame> resolve_address(const std::string& module_path, std::uint64_t offset) {
  if (offset == 0) return {};
  return ModuleSymbols(module_path).code(offset - 1);
}

struct VariableNames::File {
  explicit File(const std::string& file) : path(file), symbols(file) {}
  std::string path;
  ModuleSymbols symbols;
  std::map<std::uint64_t, std::string> names;  // by offset
};

VariableNames::VariableNames() = default;
VariableNames::~VariableNames() = default;

const std::string& VariableNames::at(const std::string& path, std::uint64_t offset) {
  File* file = nullptr;
  for (const auto& known : files_) {
    if (known->path == path) file = known.get();
  }
  if (file == nullptr) file = files_.emplace_back(std::make_unique<File>(path)).get();
  const auto [at, is_new] = file->names.try_emplace(offset);
  if (is_new && file->symbols.is_open()) at->second = file->symbols.data(offset);
  return at->second;
}

}  // namespace trama
