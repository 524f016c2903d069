#include "cli/language.hpp"

#include <cstdlib>

namespace trama {

std::optional<Language> language_from(std::string_view text) {
  if (text.starts_with("pt")) return Language::pt;
  if (text.starts_with("en")) return Language::en;
  return std::nullopt;
}

Language language_of_environment() {
  for (const char* name : {"TRAMA_LANG", "LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    return language_from(value).value_or(Language::en);
  }
  return Language::en;
}

}  // namespace trama
