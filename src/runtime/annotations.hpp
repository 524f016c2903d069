// What a program says by hand about its memory: accesses to be ignored, races to be borne.
//
// Neither costs anything while nobody says it: a thread that ignores puts the engine into the
// mode that looks at each access (PlainMode::look), and only a race asks whether it is benign.
#pragma once

#include <cstdint>

namespace trama::runtime {

/// Whether the current thread ignores its reads (or writes) now.
bool ignores(bool writes);
/// From here to the matching end the current thread's plain accesses are not looked at.
void begin_ignoring(bool reads, bool writes);
void end_ignoring(bool reads, bool writes);

/// Whether the bytes lie in a range whose races the program declared benign.
bool is_benign(std::uint64_t address, std::uint64_t size);

/// A new execution begins: what the last one said is forgotten. What static initialisation said
/// before the first one stays.
void forget_annotations();

}  // namespace trama::runtime
