// The picture of an interleaving: a column per thread, a row per step, time downwards.
#pragma once

#include <string>
#include <vector>

#include "report/rows.hpp"
#include "report/style.hpp"

namespace trama {

/// The head line and one line per row, each at most `style.width` columns.
std::vector<std::string> draw_table(const Trace& trace, const std::vector<Row>& rows,
                                    const std::vector<Lane>& columns, const TextStyle& style);

}  // namespace trama
