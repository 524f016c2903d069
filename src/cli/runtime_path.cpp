#include "cli/runtime_path.hpp"

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace trama {

Result<std::string> find_runtime(Language language) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (const char* given = std::getenv("TRAMA_RUNTIME"); given != nullptr && *given != '\0') {
    if (fs::is_regular_file(given, error)) return fs::absolute(given, error).string();
    return Error{say(language, Message::error_runtime_missing, given)};
  }
  const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
  const fs::path built = folder / "lib" / "libtsan.so.2";
  const fs::path installed = folder.parent_path() / "lib" / "trama" / "libtsan.so.2";
  for (const fs::path& path : {built, installed}) {
    if (fs::is_regular_file(path, error)) return path.string();
  }
  return Error{say(language, Message::error_runtime_missing, built.string())};
}

}  // namespace trama
