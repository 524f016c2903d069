// What code changes that no instrumentation tells of: memory, or something outside the program.
#pragma once

namespace trama {

class UnseenChanges {
 public:
  virtual ~UnseenChanges() = default;
  /// From here …
  virtual void begin() = 0;
  /// … to here. True where something has changed, or may have.
  virtual bool end() = 0;
};

}  // namespace trama
