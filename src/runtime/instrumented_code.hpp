// Which functions of the program were compiled with -fsanitize=thread, where it holds others
// too: a C++ library linked into it (-static-libstdc++). Their accesses and their reference
// counts are no more seen than those of a library that the loader brings.
#pragma once

#include <link.h>

#include <cstdint>

namespace trama::runtime {

/// Remembers where the program's functions begin, and by which slots it calls the
/// instrumentation.
void read_program_code(const dl_phdr_info& program);

/// True where the function at `pc` calls the instrumentation, as every instrumented function
/// does that calls anything. Also where nothing is known of that function. Requires: `pc` is in
/// the program.
bool calls_instrumentation(std::uint64_t pc);

}  // namespace trama::runtime
