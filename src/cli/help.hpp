// What `trama --help` and `trama COMMAND --help` print.
#pragma once

#include <string>
#include <string_view>

#include "report/messages.hpp"

namespace trama {

/// The help of one command, or the overview where `command` is empty or unknown.
std::string help_text(std::string_view command, Language language);

}  // namespace trama
