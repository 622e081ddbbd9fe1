#pragma once

#include <sys/types.h>

namespace spotter::bench {

/// Resident memory of a process, in MiB.
double resident_memory(pid_t pid);

/// Processor time that a process has used so far, in seconds.
double processor_time(pid_t pid);

}  // namespace spotter::bench
