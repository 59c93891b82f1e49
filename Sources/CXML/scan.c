// Looks for the bytes that end a run of plain text, sixteen at a time: most of a feed is text, and most of text is nothing
// but itself. In C for its vectors: Swift 6.3 compares theirs one lane after the other.

#include "cxml.h"

#include <string.h>

typedef uint8_t block __attribute__((vector_size(16)));

static block load(const uint8_t *bytes) {
    block loaded;
    memcpy(&loaded, bytes, sizeof loaded);
    return loaded;
}

// The first lane that is set; 16 if none is. A set lane is 0xFF; x86 and ARM keep the first in the lowest bits.
static size_t first(block found) {
    uint64_t half[2];
    memcpy(half, &found, sizeof half);
    if (half[0]) return (size_t)__builtin_ctzll(half[0]) / 8;
    return half[1] ? 8 + (size_t)__builtin_ctzll(half[1]) / 8 : 16;
}

static block markup(block b) { return (block)((b == '<') | (b == '&')); }

static block suspects(block b) {
    return (block)(((b < 0x20) & (b != '\n') & (b != '\t')) | (b == 0xC2) | (b == 0xEF));
}

static block wanted(block b, cxml_stops stops) {
    block found = {0};
    if (stops & cxml_markup) found |= markup(b);
    if (stops & cxml_suspects) found |= suspects(b);
    return found;
}

static inline __attribute__((always_inline)) size_t scan(const uint8_t *bytes, size_t count, cxml_stops stops) {
    size_t i = 0;
    for (; i + sizeof(block) <= count; i += sizeof(block)) {
        size_t lane = first(wanted(load(bytes + i), stops));
        if (lane < sizeof(block)) return i + lane;
    }
    if (i == count) return count;
    // The rest, in a block that is filled up with what never stops.
    uint8_t rest[sizeof(block)];
    memset(rest, ' ', sizeof rest);
    memcpy(rest, bytes + i, count - i);
    size_t lane = first(wanted(load(rest), stops));
    return lane < sizeof(block) ? i + lane : count;
}

size_t cxml_scan(const uint8_t *bytes, size_t count, cxml_stops stops) {
    switch (stops) {
    case cxml_markup: return scan(bytes, count, cxml_markup);
    case cxml_suspects: return scan(bytes, count, cxml_suspects);
    default: return scan(bytes, count, cxml_both);
    }
}
