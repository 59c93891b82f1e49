// What Swift may see of libxml2 and zlib: the table of HTML's entities, and gunzip; and the searches that C's vectors make
// fast. libxml2's own headers stay behind this one, because Debian builds it with ICU and a Swift module that sees both
// ICU's and Foundation's types does not compile.

#pragma once

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// A run of bytes that belongs to a parser: good until the callback that got it returns.
typedef struct {
    const uint8_t *_Nullable start;
    size_t count;
} cxml_bytes;

/// A name of HTML 4 and the character it stands for.
typedef struct {
    const char *name;
    uint32_t character;
} cxml_entity;

/// Fills `list` with the entities of HTML 4 (252 of them) and returns how many there are, at most `room`.
size_t cxml_entities(cxml_entity *list, size_t room);

/// The offset of the first `wanted` among `bytes`; -1 if there is none.
ptrdiff_t cxml_find(const uint8_t *bytes, size_t count, const uint8_t *wanted, size_t length);

/// Bytes at which a scan stops.
typedef enum {
    cxml_markup = 1,    // < and &
    cxml_suspects = 2,  // controls but tab and line feed; the first bytes of C1 controls, U+FEFF, U+FFFE and U+FFFF
    cxml_both = 3
} cxml_stops;

/// The offset of the first byte among `bytes` that is one of `stops`; `count` if there is none.
size_t cxml_scan(const uint8_t *bytes, size_t count, cxml_stops stops);

/// Inflates every member of a gzip body into memory that the caller frees with `free`.
/// Returns the number of bytes, cut at `limit`; 0 if `bytes` is no gzip.
size_t cxml_gunzip(const uint8_t *bytes, size_t count, size_t limit, uint8_t *_Nullable *_Nonnull inflated);

#pragma clang assume_nonnull end
