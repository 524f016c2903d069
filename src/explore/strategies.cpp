#include "explore/strategies.hpp"

#include "explore/pct.hpp"
#include "explore/portfolio.hpp"
#include "explore/random_walk.hpp"
#include "explore/round_robin.hpp"

namespace trama {

std::unique_ptr<Strategy> make_strategy(const Options& options) {
  if (options.strategy == "portfolio") return std::make_unique<Portfolio>(options.seed);
  if (options.strategy == "random") return std::make_unique<RandomWalk>(options.seed);
  if (options.strategy == "pct") return std::make_unique<Pct>(options.seed, options.depth);
  if (options.strategy == "round-robin") return std::make_unique<RoundRobin>();
  return nullptr;
}

}  // namespace trama
