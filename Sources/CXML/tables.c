// HTML's entity names as libxml2 knows them, gunzip for servers that send a compressed file as the body, and a search.

#define _GNU_SOURCE  // memmem

#include "cxml.h"

#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

size_t cxml_entities(cxml_entity *list, size_t room) {
    // The table is not exported, but it can be searched by character, and U+2666 is its last.
    static const unsigned int last = 0x2666;
    size_t count = 0;
    for (unsigned int value = 1; value <= last && count < room; value++) {
        const htmlEntityDesc *entity = htmlEntityValueLookup(value);
        if (entity) list[count++] = (cxml_entity){entity->name, entity->value};
    }
    return count;
}

ptrdiff_t cxml_find(const uint8_t *bytes, size_t count, const uint8_t *wanted, size_t length) {
    if (!length) return 0;
    // What is long may begin alike in a great many places; memmem's time is linear wherever it is looked for.
    if (length > 32) {
        const uint8_t *found = memmem(bytes, count, wanted, length);
        return found ? found - bytes : -1;
    }
    // What is short begins with a byte that is rare in text, which memchr finds at many times memmem's speed.
    const uint8_t *end = bytes + count;
    for (const uint8_t *at = bytes; length <= (size_t)(end - at); at++) {
        at = memchr(at, wanted[0], (size_t)(end - at) - length + 1);
        if (!at) break;
        if (length == 1 || !memcmp(at, wanted, length)) return at - bytes;
    }
    return -1;
}

// Doubles the output, up to the limit; 0 when there is no more room to be had.
static int grow(uint8_t **out, size_t *room, size_t limit) {
    size_t more = *room * 2 < limit ? *room * 2 : limit;
    if (more == *room) return 0;
    uint8_t *grown = realloc(*out, more);
    if (!grown) return 0;
    *out = grown;
    *room = more;
    return 1;
}

size_t cxml_gunzip(const uint8_t *bytes, size_t count, size_t limit, uint8_t **inflated) {
    z_stream stream = {0};
    size_t room = count * 4 < limit ? count * 4 : limit;
    *inflated = malloc(room ? room : 1);
    // 16 + 15: a gzip header and the largest window.
    if (!*inflated || count > UINT32_MAX || inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) return 0;
    stream.next_in = (Bytef *)bytes;
    stream.avail_in = (uInt)count;
    size_t used = 0;
    for (;;) {
        size_t left = room - used;
        stream.next_out = *inflated + used;
        stream.avail_out = left < UINT32_MAX ? (uInt)left : UINT32_MAX;
        int status = inflate(&stream, Z_NO_FLUSH);
        used = (size_t)(stream.next_out - *inflated);
        if (status == Z_STREAM_END && stream.avail_in && inflateReset(&stream) == Z_OK) continue;
        if (status != Z_OK) break;
        if (used == room && !grow(inflated, &room, limit)) break;
    }
    inflateEnd(&stream);
    return used;
}
