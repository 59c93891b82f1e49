// What glibc's allocator has given out; its header is not in Swift's Glibc module.
#include <stddef.h>

/// Bytes that are allocated now, in the heap and mapped for large blocks.
size_t cmemory_allocated(void);
