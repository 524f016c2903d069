// The strategies by name: what --strategy selects.
#pragma once

#include <memory>

#include "base/options.hpp"
#include "schedule/strategy.hpp"

namespace trama {

/// The strategy that `options.strategy` names, seeded; null when there is none of the name.
std::unique_ptr<Strategy> make_strategy(const Options& options);

}  // namespace trama
