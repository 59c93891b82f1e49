// What glibc's allocator has given out, whose header is not in Swift's Glibc module, and what was ever resident.
#include <stddef.h>

/// Bytes that are allocated now, in the heap and mapped for large blocks.
size_t cmemory_allocated(void);

/// Returns free memory to the system, and counts the peak from what is resident now (proc_pid_clear_refs(5)).
void cmemory_reset_peak(void);

/// The most bytes that were resident since, or since the start.
size_t cmemory_peak(void);
