// Which steps of an execution a person needs to see to understand its finding.
//
// Every step gets a weight: the steps of the finding itself most, then what touches the
// same memory and locks, then where the threads involved come from, then what is near.
// The heaviest are shown as far as the space goes; the rest is folded into "…".
#pragma once

#include <cstdint>
#include <vector>

#include "report/lane.hpp"
#include "trace/trace.hpp"

namespace trama {

/// One line of the table: a step, or a plain access of the finding that is no step, or a
/// fold of `folded` steps.
struct Row {
  std::uint32_t step = kNoIndex;
  const FindingAccess* access = nullptr;
  std::uint32_t folded = 0;
  bool focus = false;  ///< part of the finding
};

/// The rows for `finding` (nullptr: none), at most `count` of them, folds included.
std::vector<Row> choose_rows(const Trace& trace, const Finding* finding, std::size_t count);

/// Every step and every access.
std::vector<Row> all_rows(const Trace& trace, const Finding* finding);

/// The threads and tasks that get a column, each thread before its tasks: those of the finding
/// first, then those with most to show in `rows`; at most `count`.
std::vector<Lane> choose_columns(const Trace& trace, const Finding* finding,
                                 const std::vector<Row>& rows, std::size_t count);

}  // namespace trama
