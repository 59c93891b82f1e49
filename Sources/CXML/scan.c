// Looks for the bytes that end a run of plain text, sixteen at a time, and copies the run where that is wanted: most of
// a feed is text, and most of text is nothing but itself. In C for its vectors: Swift 6.3 compares theirs one lane after
// the other.

#include "cxml.h"

#include <string.h>

typedef uint8_t block __attribute__((vector_size(16)));

static block load(const uint8_t *bytes) {
    block loaded;
    memcpy(&loaded, bytes, sizeof loaded);
    return loaded;
}

typedef _Bool lanes __attribute__((ext_vector_type(16)));

// A bit for each lane that is set, the first in the lowest.
static unsigned bits(block found) {
    lanes set = __builtin_convertvector(found, lanes);
    uint16_t bits;
    memcpy(&bits, &set, sizeof bits);
    return bits;
}

static block markup(block b) { return (block)((b == '<') | (b == '&')); }

static block quotes(block b) { return (block)((b == '"') | (b == '\'')); }

static block suspects(block b) {
    return (block)(((b < 0x20) & (b != '\n') & (b != '\t')) | (b == 0xC2) | (b == 0xEF));
}

static unsigned wanted(block b, cxml_stops stops) {
    block found = {0};
    if (stops & cxml_markup) found |= markup(b);
    if (stops & cxml_suspects) found |= suspects(b);
    if (stops & cxml_quotes) found |= quotes(b);
    if (stops & cxml_in_string) found |= (block)((b < 0x20) | (b == '"') | (b == '\\'));
    if (stops & cxml_beyond_ascii) found |= (block)(b >= 0x80);
    return bits(found);
}

#define inlined static inline __attribute__((always_inline))

// Fewer bytes than a block has, filled up with what never stops.
inlined block load_few(const uint8_t *bytes, size_t count) {
    uint8_t few[sizeof(block)];
    memset(few, ' ', sizeof few);
    if (count >= 8) {
        memcpy(few, bytes, 8);
        memcpy(few + count - 8, bytes + count - 8, 8);
    } else if (count >= 4) {
        memcpy(few, bytes, 4);
        memcpy(few + count - 4, bytes + count - 4, 4);
    } else {
        for (size_t at = 0; at < count; at++) few[at] = bytes[at];
    }
    return load(few);
}

// From `i` on, before which nothing stops.
inlined size_t scan_from(const uint8_t *bytes, size_t i, size_t count, cxml_stops stops) {
    for (; i + sizeof(block) <= count; i += sizeof(block)) {
        unsigned found = wanted(load(bytes + i), stops);
        if (found) return i + (size_t)__builtin_ctz(found);
    }
    if (i == count) return count;
    // The rest: once more with what stands before it, if there is as much.
    int has_block = count >= sizeof(block);
    size_t start = has_block ? count - sizeof(block) : 0;
    unsigned found = wanted(has_block ? load(bytes + start) : load_few(bytes, count), stops);
    return found ? start + (size_t)__builtin_ctz(found) : count;
}

inlined size_t scan(const uint8_t *bytes, size_t count, cxml_stops stops) {
    return scan_from(bytes, 0, count, stops);
}

// Every text and every document is asked whether it is ASCII, and most are: four blocks at a time.
static size_t scan_ascii(const uint8_t *bytes, size_t count) {
    size_t i = 0;
    for (; i + 4 * sizeof(block) <= count; i += 4 * sizeof(block)) {
        block some = load(bytes + i) | load(bytes + i + sizeof(block));
        some |= load(bytes + i + 2 * sizeof(block)) | load(bytes + i + 3 * sizeof(block));
        if (wanted(some, cxml_beyond_ascii)) break;
    }
    return scan_from(bytes, i, count, cxml_beyond_ascii);
}

size_t cxml_scan(const uint8_t *bytes, size_t count, cxml_stops stops) {
    switch (stops) {
    case cxml_markup: return scan(bytes, count, cxml_markup);
    case cxml_suspects: return scan(bytes, count, cxml_suspects);
    case cxml_in_value: return scan(bytes, count, cxml_in_value);
    case cxml_beyond_ascii: return scan_ascii(bytes, count);
    case cxml_in_string: return scan(bytes, count, cxml_in_string);
    default: return scan(bytes, count, cxml_both);
    }
}

// MARK: Copying

inlined int begins(const uint8_t *bytes, size_t count, const char *text, size_t length) {
    return count >= length && !memcmp(bytes, text, length);
}

// The character that one of XML's own five references stands for, and its length in bytes; 0 if `bytes` begin none.
inlined size_t predefined(const uint8_t *bytes, size_t count, uint8_t *character) {
    if (begins(bytes, count, "&lt;", 4)) return *character = '<', 4;
    if (begins(bytes, count, "&gt;", 4)) return *character = '>', 4;
    if (begins(bytes, count, "&quot;", 6)) return *character = '"', 6;
    if (begins(bytes, count, "&amp;", 5)) return *character = '&', 5;
    if (begins(bytes, count, "&apos;", 6)) return *character = '\'', 6;
    return 0;
}

inlined cxml_copied copy(const uint8_t *bytes, size_t count, cxml_stops stops, uint8_t *out) {
    cxml_copied done = {0, 0};
    for (;;) {
        // `out` is as long as `bytes` and not further on, so that a whole block fits.
        for (; count - done.read >= sizeof(block); done.read += sizeof(block), done.written += sizeof(block)) {
            block loaded = load(bytes + done.read);
            memcpy(out + done.written, &loaded, sizeof loaded);
            unsigned found = wanted(loaded, stops);
            if (!found) continue;
            done.read += (size_t)__builtin_ctz(found);
            done.written += (size_t)__builtin_ctz(found);
            goto stopped;
        }
        size_t rest = scan(bytes + done.read, count - done.read, stops);
        memcpy(out + done.written, bytes + done.read, rest);
        done.read += rest;
        done.written += rest;
    stopped:
        if (!(stops & cxml_markup) || done.read == count || bytes[done.read] != '&') return done;
        size_t length = predefined(bytes + done.read, count - done.read, out + done.written);
        if (!length) return done;
        done.read += length;
        done.written++;
    }
}

cxml_copied cxml_copy(const uint8_t *bytes, size_t count, cxml_stops stops, uint8_t *out) {
    return stops == cxml_suspects ? copy(bytes, count, cxml_suspects, out) : copy(bytes, count, cxml_both, out);
}

// MARK: Names

cxml_name cxml_scan_name(const uint8_t *bytes, size_t count) {
    // Production 4 without what lies beyond ASCII, as `Byte.isName` says.
    enum { starts = 1, goes_on = 2 };
    static const uint8_t classes[256] = {
        ['a' ... 'z'] = starts | goes_on, ['A' ... 'Z'] = starts | goes_on, ['_'] = starts | goes_on,
        ['0' ... '9'] = goes_on, ['-'] = goes_on, ['.'] = goes_on, [':'] = goes_on,
    };
    cxml_name name = {0, 0, 0};
    if (!count || !(classes[bytes[0]] & starts)) return name;
    size_t i = 1;
    for (; i < count && classes[bytes[i]]; i++) {
        if (bytes[i] != ':') continue;
        if (!name.colons++) name.local = i + 1;
    }
    name.count = i;
    return name;
}
