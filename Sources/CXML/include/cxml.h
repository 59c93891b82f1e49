// What Swift may see of libxml2 and zlib: one pass over a document that is already clean UTF-8, the table of HTML's
// entities, and gunzip. libxml2's own headers stay behind this one, because Debian builds it with ICU and a Swift
// module that sees both ICU's and Foundation's types does not compile. Nothing here loads a DTD, an external entity or
// a file, and nothing here writes to stderr.

#pragma once

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// A run of bytes that belongs to the parser: good until the callback that got it returns.
typedef struct {
    const uint8_t *_Nullable start;
    size_t count;
} cxml_bytes;

/// One attribute, its value with references resolved. The prefix is empty when there is none.
typedef struct {
    cxml_bytes prefix, name, value;
} cxml_attribute;

/// What is to be done with an element's inside.
typedef enum {
    cxml_walk,     // report the elements inside, drop the text between them
    cxml_mixed,    // report the elements inside, collect the text between them
    cxml_text,     // collect the text; elements inside are collected as tags, the text as it is
    cxml_escaped,  // the same, with the text escaped again, so that the whole is markup (Atom's xhtml)
    cxml_skip      // drop the lot
} cxml_inside;

/// Who is told. `name` is asked once for (nearly) every distinct name, of whose parts it gets 512 bytes at most, and
/// returns a number of the reader's choice, which `open` and `close` then get. `close` gets the text of an element whose inside is collected.
typedef struct {
    void *context;
    int32_t (*name)(void *context, cxml_bytes space, cxml_bytes prefix, cxml_bytes local);
    cxml_inside (*open)(void *context, int32_t name, const cxml_attribute *_Nullable attributes, size_t count);
    void (*close)(void *context, int32_t name, cxml_bytes text);
} cxml_reader;

/// What a document may cost. `depth` counts open elements, `spaces` namespace declarations in force at once, `text`
/// the bytes collected for one element: what goes beyond `text` is cut off, what goes beyond the others ends the pass.
typedef struct {
    size_t depth, spaces, text;
} cxml_limits;

/// How the pass ended. `errors` counts what libxml2 complained of and went on from.
typedef struct {
    size_t errors, cut_texts;
    int stopped;         // 1: a limit ended it
    int out_of_memory;
} cxml_outcome;

/// Where a text belongs: before the tag that begins at `at`, an offset into the tags, or inside an empty tag (`<a/>`)
/// whose slash stands there. It ends at `end` in the texts.
typedef struct {
    uint32_t at, end;
} cxml_mark;

/// A document of clean UTF-8 whose texts stand apart from its tags. `tags.start[tags.count]` must be 0.
typedef struct {
    cxml_bytes tags;
    const uint8_t *_Nullable texts;
    const cxml_mark *_Nullable marks;
    size_t mark_count;
} cxml_document;

/// Reads one document, without an XML declaration or DOCTYPE.
/// Every element that was opened is closed, also where the document breaks off.
cxml_outcome cxml_read(const cxml_document *document, cxml_limits limits, const cxml_reader *reader);

/// A name of HTML 4 and the character it stands for.
typedef struct {
    const char *name;
    uint32_t character;
} cxml_entity;

/// Fills `list` with the entities of HTML 4 (252 of them) and returns how many there are, at most `room`.
size_t cxml_entities(cxml_entity *list, size_t room);

/// The offset of the first `wanted` among `bytes`; -1 if there is none. An empty one stands at 0. Linear in both.
ptrdiff_t cxml_find(const uint8_t *bytes, size_t count, const uint8_t *wanted, size_t length);

/// Bytes at which a scan stops.
typedef enum {
    cxml_markup = 1,    // < and &
    cxml_suspects = 2,  // controls but tab and line feed; the first bytes of C1 controls, U+FEFF, U+FFFE and U+FFFF
    cxml_both = cxml_markup | cxml_suspects,
    cxml_quotes = 4,    // " and '
    cxml_in_value = cxml_both | cxml_quotes,
    cxml_beyond_ascii = 8,
    cxml_in_string = 16  // in a JSON string: " and \ and controls
} cxml_stops;

/// The offset of the first byte among `bytes` that is one of `stops`; `count` if there is none.
size_t cxml_scan(const uint8_t *bytes, size_t count, cxml_stops stops);

/// The length of the valid UTF-8 that `bytes` begin with.
size_t cxml_valid_utf8(const uint8_t *bytes, size_t count);

/// How far a copy came: `read` bytes were taken, `written` bytes were put.
typedef struct {
    size_t read, written;
} cxml_copied;

/// Copies text as far as it means itself: up to the first byte that is one of `stops`. With `cxml_both` it goes on over
/// XML's own five references, for which it writes their characters; with `cxml_suspects` markup is text.
/// `out` has room for `count` bytes.
cxml_copied cxml_copy(const uint8_t *bytes, size_t count, cxml_stops stops, uint8_t *out);

/// A name: its length in bytes, the colons in it, and where the part after the first of them begins (0: there is none).
typedef struct {
    size_t count, colons, local;
} cxml_name;

/// The name that `bytes` begin with, of length 0 if they begin none.
cxml_name cxml_scan_name(const uint8_t *bytes, size_t count);

/// Inflates every member of a gzip body into memory that the caller frees with `free`.
/// Returns the number of bytes, cut at `limit`; 0 if `bytes` is no gzip.
size_t cxml_gunzip(const uint8_t *bytes, size_t count, size_t limit, uint8_t *_Nullable *_Nonnull inflated);

#pragma clang assume_nonnull end
