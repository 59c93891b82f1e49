#include "CMemory.h"
#include <malloc.h>
#include <stdio.h>

size_t cmemory_allocated(void) {
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

void cmemory_reset_peak(void) {
    malloc_trim(0);
    FILE *file = fopen("/proc/self/clear_refs", "w");
    if (!file) return;
    fputs("5", file);
    fclose(file);
}

size_t cmemory_peak(void) {
    size_t kilobytes = 0;
    char line[128];
    FILE *file = fopen("/proc/self/status", "r");
    if (!file) return 0;
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "VmHWM: %zu", &kilobytes) == 1) break;
    }
    fclose(file);
    return kilobytes * 1024;
}
