// One SAX pass of libxml2 over the tags of a document, between which its texts are put back. Text is collected here, so
// that Swift is called once an element and never once a run of characters. The pass owns its memory and none of
// libxml2's; it keeps its own stack of open elements, because libxml2 forgets to close those it gave up on. Never touches
// files, the network or stderr.

#include "cxml.h"
#include "cxml_html.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>
#include <string.h>

// Distinct names in a feed: about 40.
#define NAME_BITS 9
#define NAME_SLOTS (1 << NAME_BITS)
// Attributes handed over for one element; the repair before this refuses longer tags.
#define ATTRIBUTES 256

typedef struct {
    int32_t name;
    cxml_inside inside;
    size_t text;  // where its text begins
} element;

typedef struct {
    const xmlChar *local, *space, *prefix;
    int32_t name;
} name_slot;

typedef struct {
    xmlParserCtxtPtr parser;
    const cxml_reader *reader;
    cxml_limits limits;
    cxml_outcome outcome;
    cxml_bytes left;  // of the tags
    const cxml_document *document;
    size_t mark;      // the next text's
    element *open;
    size_t depth;
    cxml_bytes run;   // the end of the innermost element's text, still where it stands in the document
    uint8_t *text;    // what comes before it, and what the outer elements have
    size_t used, room;
    int cutting;  // the text being collected has reached its limit
    name_slot names[NAME_SLOTS];
} pass;

static cxml_bytes bytes_of(const xmlChar *string) {
    cxml_bytes bytes = {string, string ? strlen((const char *)string) : 0};
    return bytes;
}

static void stop(pass *p) {
    p->outcome.stopped = 1;
    xmlStopParser(p->parser);
}

// MARK: Text

static int make_room(pass *p, size_t count) {
    if (p->room - p->used >= count) return 1;
    size_t room = (p->used + count) * 2;
    uint8_t *text = realloc(p->text, room);
    if (!text) {
        p->outcome.out_of_memory = 1;
        stop(p);
        return 0;
    }
    p->text = text;
    p->room = room;
    return 1;
}

static void append(pass *p, const void *bytes, size_t count) {
    size_t left = p->limits.text - (p->used - p->open[p->depth - 1].text);
    if (count > left) {
        p->cutting = 1;
        count = left;
        // Between characters, not inside of one.
        while (count && (((const uint8_t *)bytes)[count] & 0xC0) == 0x80) count--;
    }
    if (!count || !make_room(p, count)) return;
    memcpy(p->text + p->used, bytes, count);
    p->used += count;
}

static const char *escape_of(uint8_t byte) {
    switch (byte) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    default: return NULL;
    }
}

static void append_escaped(pass *p, const uint8_t *bytes, size_t count) {
    size_t plain = 0;
    for (size_t i = 0; i < count; i++) {
        const char *escape = escape_of(bytes[i]);
        if (!escape) continue;
        append(p, bytes + plain, i - plain);
        append(p, escape, strlen(escape));
        plain = i + 1;
    }
    append(p, bytes + plain, count - plain);
}

static int reports(cxml_inside inside) { return inside == cxml_walk || inside == cxml_mixed; }

static int writes_tags(cxml_inside inside) { return inside == cxml_text || inside == cxml_escaped; }

// Something else follows: the run becomes part of what is collected. Most texts are one run and are never copied.
static void end_run(pass *p) {
    if (!p->run.count) return;
    append(p, p->run.start, p->run.count);
    p->run.count = 0;
}

static void take_text(pass *p, const uint8_t *text, size_t count) {
    cxml_inside inside = p->open[p->depth - 1].inside;
    if (inside == cxml_escaped) append_escaped(p, text, count);
    if (inside != cxml_text && inside != cxml_mixed) return;
    if (p->run.count && p->run.start + p->run.count == text) {
        p->run.count += count;
    } else {
        end_run(p);
        p->run = (cxml_bytes){text, count};
    }
}

// Takes the texts that stand before the tag that is being parsed.
static void take_texts(pass *p) {
    // What xmlByteConsumed says where nothing is decoded.
    xmlParserInputPtr input = p->parser->input;
    size_t position = input->consumed + (size_t)(input->cur - input->base);
    const cxml_mark *marks = p->document->marks;
    for (; p->mark < p->document->mark_count && marks[p->mark].at < position; p->mark++) {
        size_t start = p->mark ? marks[p->mark - 1].end : 0;
        if (p->depth) take_text(p, p->document->texts + start, marks[p->mark].end - start);
    }
}

// MARK: Elements

// What the reader gets of a name to know it by: a namespace of 60 kB that every element is in must not be read once an
// element. No name that means anything is half as long.
#define NAME_BYTES 512

static cxml_bytes name_bytes(const xmlChar *string) {
    cxml_bytes bytes = {string, string ? strnlen((const char *)string, NAME_BYTES) : 0};
    return bytes;
}

// libxml2 interns names for one parser, so equal pointers are equal names; which tag ends which element is its affair.
static int32_t number_of(pass *p, const xmlChar *space, const xmlChar *prefix, const xmlChar *local) {
    // Fibonacci hashing: what tells these pointers apart stands in their middle, and ends up in the highest bits.
    uint64_t hash = ((uintptr_t)local ^ (uintptr_t)space * 3 ^ (uintptr_t)prefix * 5) * 0x9E3779B97F4A7C15;
    name_slot *slot = &p->names[hash >> (64 - NAME_BITS)];
    if (slot->local != local || slot->space != space || slot->prefix != prefix) {
        slot->name = p->reader->name(p->reader->context, name_bytes(space), name_bytes(prefix), name_bytes(local));
        slot->local = local;
        slot->space = space;
        slot->prefix = prefix;
    }
    return slot->name;
}

// An element of a collected text: it is written down again. libxml2 gives five pointers an attribute.
static void append_tag(pass *p, const xmlChar *local, int count, const xmlChar **attributes) {
    append(p, "<", 1);
    append(p, local, strlen((const char *)local));
    for (int i = 0; i < count; i++, attributes += 5) {
        append(p, " ", 1);
        append(p, attributes[0], strlen((const char *)attributes[0]));
        append(p, "=\"", 2);
        append_escaped(p, attributes[3], (size_t)(attributes[4] - attributes[3]));
        append(p, "\"", 1);
    }
    append(p, ">", 1);
}

static void append_end_tag(pass *p, const xmlChar *local) {
    append(p, "</", 2);
    append(p, local, strlen((const char *)local));
    append(p, ">", 1);
}

static void close_top(pass *p) {
    element *top = &p->open[p->depth - 1];
    // What was collected before, or a limit to cut at: the run cannot stay where it is.
    if (p->used > top->text || p->run.count > p->limits.text) end_run(p);
    p->depth--;
    if (p->depth && !reports(p->open[p->depth - 1].inside)) return;
    cxml_bytes text = p->run;
    if (!text.count) text = (cxml_bytes){p->text ? p->text + top->text : NULL, p->used - top->text};
    p->run.count = 0;
    p->outcome.cut_texts += (size_t)p->cutting;
    p->cutting = 0;
    p->reader->close(p->reader->context, top->name, text);
    p->used = top->text;
}

// libxml2 gives up on some elements without an end; its own stack says so.
static void close_forgotten(pass *p) {
    while (p->depth > (size_t)p->parser->nameNr) close_top(p);
}

static int over_limit(pass *p) {
    return p->depth >= p->limits.depth || (size_t)p->parser->nsNr > 2 * p->limits.spaces;
}

static cxml_inside report(pass *p, int32_t name, int count, const xmlChar **attributes) {
    cxml_attribute list[ATTRIBUTES];
    size_t kept = count < ATTRIBUTES ? (size_t)count : ATTRIBUTES;
    for (size_t i = 0; i < kept; i++, attributes += 5) {
        list[i].prefix = bytes_of(attributes[1]);
        list[i].name = bytes_of(attributes[0]);
        list[i].value.start = attributes[3];
        list[i].value.count = (size_t)(attributes[4] - attributes[3]);
    }
    return p->reader->open(p->reader->context, name, kept ? list : NULL, kept);
}

static void on_open(void *context, const xmlChar *local, const xmlChar *prefix, const xmlChar *space, int spaces,
                    const xmlChar **declared, int count, int defaulted, const xmlChar **attributes) {
    (void)spaces, (void)declared, (void)defaulted;
    pass *p = context;
    take_texts(p);
    close_forgotten(p);
    if (over_limit(p)) {
        stop(p);
        return;
    }
    end_run(p);
    cxml_inside outer = p->depth ? p->open[p->depth - 1].inside : cxml_walk;
    element *top = &p->open[p->depth];
    top->inside = outer;
    if (reports(outer)) {
        top->text = p->used;
        top->name = number_of(p, space, prefix, local);
        top->inside = report(p, top->name, count, attributes);
    } else {
        top->text = p->open[p->depth - 1].text;
    }
    if (writes_tags(outer)) {
        append_tag(p, local, count, attributes);
    }
    p->depth++;
}

static void on_close(void *context, const xmlChar *local, const xmlChar *prefix, const xmlChar *space) {
    (void)prefix, (void)space;
    pass *p = context;
    take_texts(p);
    close_forgotten(p);
    if (!p->depth) return;
    if (p->depth > 1 && writes_tags(p->open[p->depth - 2].inside)) {
        end_run(p);
        append_end_tag(p, local);
    }
    close_top(p);
}

// MARK: The pass

static void on_error(void *context, xmlErrorPtr error) {
    pass *p = context;
    p->outcome.errors++;
    if (error->code == XML_ERR_NO_MEMORY) p->outcome.out_of_memory = 1;
}

static void prepare(pass *p) {
    xmlSAXHandler sax = {0};
    sax.initialized = XML_SAX2_MAGIC;
    sax.startElementNs = on_open;
    sax.endElementNs = on_close;
    sax.serror = on_error;
    // NOENT: without it an ampersand in an attribute arrives as "&#38;". There is no DTD, so nothing else expands.
    xmlCtxtUseOptions(p->parser, XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_HUGE | XML_PARSE_NOENT);
    *p->parser->sax = sax;
    p->parser->userData = p;
}

// The tags are handed over piece by piece: a parser that is given the whole of it keeps a copy of the whole of it.
static int hand_over(void *context, char *room, int count) {
    pass *p = context;
    size_t piece = p->left.count < (size_t)count ? p->left.count : (size_t)count;
    memcpy(room, p->left.start, piece);
    p->left.start += piece;
    p->left.count -= piece;
    return (int)piece;
}

static void run(pass *p) {
    prepare(p);
    xmlParseDocument(p->parser);
    while (p->depth) close_top(p);
    if (p->parser->myDoc) xmlFreeDoc(p->parser->myDoc);
    p->parser->myDoc = NULL;
    xmlFreeParserCtxt(p->parser);
}

cxml_outcome cxml_read(const cxml_document *document, cxml_limits limits, const cxml_reader *reader) {
    cxml_start();
    pass p = {.reader = reader, .limits = limits, .document = document, .left = document->tags};
    p.open = calloc(limits.depth + 1, sizeof(element));
    p.parser = xmlCreateIOParserCtxt(NULL, NULL, hand_over, NULL, &p, XML_CHAR_ENCODING_UTF8);
    if (p.open && p.parser) {
        run(&p);
    } else {
        p.outcome.out_of_memory = 1;
        if (p.parser) xmlFreeParserCtxt(p.parser);
    }
    free(p.open);
    free(p.text);
    return p.outcome;
}
