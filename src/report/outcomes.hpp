// The list that `verify --list` prints: what the executions of a program come to.
#pragma once

#include <string>

#include "report/style.hpp"
#include "report/summary.hpp"

namespace trama {

std::string list_text(const Summary& summary, const TextStyle& style);

}  // namespace trama
