// Which of the two languages Trama speaks to this person.
#pragma once

#include <optional>
#include <string_view>

#include "report/messages.hpp"

namespace trama {

/// "pt", "pt_BR.UTF-8" … give Portuguese, "en…" English; anything else nothing.
std::optional<Language> language_from(std::string_view text);

/// From TRAMA_LANG, then LC_ALL, LC_MESSAGES and LANG: the first that is set decides.
Language language_of_environment();

}  // namespace trama
