// Tells how much of some bytes is valid UTF-8. Most of the web is ASCII, which is stepped over sixteen bytes at a time;
// Swift's own check takes them eight at a time.

#include "cxml.h"

static int between(uint8_t byte, uint8_t low, uint8_t high) { return byte >= low && byte <= high; }

// The length of the character beyond ASCII that `b` begins with; 0 if it is none (RFC 3629, section 4).
static size_t character(const uint8_t *b, size_t count) {
    if (count >= 2 && between(b[0], 0xC2, 0xDF)) return between(b[1], 0x80, 0xBF) ? 2 : 0;
    if (count >= 3 && between(b[0], 0xE0, 0xEF)) {
        uint8_t low = b[0] == 0xE0 ? 0xA0 : 0x80, high = b[0] == 0xED ? 0x9F : 0xBF;
        return between(b[1], low, high) && between(b[2], 0x80, 0xBF) ? 3 : 0;
    }
    if (count >= 4 && between(b[0], 0xF0, 0xF4)) {
        uint8_t low = b[0] == 0xF0 ? 0x90 : 0x80, high = b[0] == 0xF4 ? 0x8F : 0xBF;
        return between(b[1], low, high) && between(b[2], 0x80, 0xBF) && between(b[3], 0x80, 0xBF) ? 4 : 0;
    }
    return 0;
}

size_t cxml_valid_utf8(const uint8_t *bytes, size_t count) {
    size_t i = 0;
    while (i < count) {
        if (bytes[i] < 0x80) {
            i += cxml_scan(bytes + i, count - i, cxml_beyond_ascii);
            continue;
        }
        size_t length = character(bytes + i, count - i);
        if (!length) return i;
        i += length;
    }
    return count;
}
