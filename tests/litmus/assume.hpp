// How a program says that only executions with a given condition count.
#pragma once

extern "C" __attribute__((weak)) void trama_assume(int condition);

/// Under `trama verify` an execution where `condition` is false ends here, blocked, and is not
/// counted as complete. Without the engine nothing happens.
inline void assume(bool condition) {
  if (trama_assume != nullptr) trama_assume(condition ? 1 : 0);
}
