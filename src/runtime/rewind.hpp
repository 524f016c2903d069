// Rewind: everything an execution changes in the process, and how it is put back.
//
// Memory: the writable segments of the program and its libraries (not ours, not the
// loader's), the program's heap, the main thread's TLS. Kernel state: descriptors, mappings,
// signal handlers. Lists of ours: exit handlers, keys. What cannot be put back (a loaded
// library, a child process) is noted, and the executions then run in forked processes.
#pragma once

#include <cstdint>

namespace trama::runtime {

/// Memory outside all modules that the program may change: its arguments and environment.
void add_segment(void* low, void* high);
/// Remembers the process as it is now.
void snapshot_process();
/// Calls `visit(low, high, context)` for what stands outside heap and stacks and is rewound. False
/// where nothing is.
bool for_each_static(void (*visit)(std::uint64_t low, std::uint64_t high, void* context),
                     void* context);
/// Brings it back, after an execution.
void restore_process();

/// The execution is about to do what cannot be rewound; `what` names it, for the report.
/// Where executions share this process, it ends here, and is taken again in a process of
/// its own.
void need_fork(const char* what);
/// What that was, or null.
const char* fork_needed();

/// Descriptors were opened or closed in this execution.
void note_descriptors_changed();
/// A standard or inherited descriptor was closed or replaced.
void note_old_descriptor_changed(int descriptor);

/// Executions run in processes of their own from now on: nothing needs rewinding.
void set_forked();

/// What a copy of this process does to its standard streams is nothing to the others, nor theirs to
/// it: those that are captured get files of their own, the input read from its start.
void separate_standard_streams();

/// Descriptors of our own are kept at this number and above.
inline constexpr int kOwnDescriptors = 512;
/// A copy of `descriptor` among them, which rewinding leaves open.
int keep_own(int descriptor);
void close_own(int descriptor);
bool is_own(int descriptor);

}  // namespace trama::runtime
