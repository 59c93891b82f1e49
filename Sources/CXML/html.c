// One SAX pass of libxml2's HTML parser over a page, into a flat tree of its own: four arrays that Swift copies and
// libxml2 never sees again. It keeps its own stack of open elements and its own bounds; a page that asks for more gets
// what fits. Never touches files, the network or stderr.

#include "cxml_html.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

// Distinct names of elements and attributes on a page: 40 to 200. A power of two, so that a mask finds the slot.
#define NAME_SLOTS 4096

// Growing arrays of one kind of thing.
typedef struct {
    void *start;
    size_t used, room, size;
} array;

typedef struct {
    htmlParserCtxtPtr parser;
    cxml_html_limits limits;
    cxml_html *page;
    array nodes, attributes, text, values, names;
    int32_t *open;  // the open elements, outermost first
    int32_t *last;  // for each of them, and for the document, the last node in it
    size_t depth;
    size_t template_depth;  // where a <template> was opened; 0: none is
    int32_t name_count;
    uint32_t slots[NAME_SLOTS];  // the offset of a name, plus 1; 0 is free
    int32_t numbers[NAME_SLOTS];
    int dropping;  // the text that comes is a script's or a style's
} pass;

static void stop(pass *p) {
    xmlStopParser(p->parser);
}

// MARK: Memory

static void *make_room(pass *p, array *a, size_t count) {
    if (a->used + count > a->room) {
        size_t room = (a->used + count) * 2;
        void *start = room < UINT32_MAX ? realloc(a->start, room * a->size) : NULL;
        if (!start) {
            p->page->out_of_memory = 1;
            stop(p);
            return NULL;
        }
        a->start = start;
        a->room = room;
    }
    void *place = (uint8_t *)a->start + a->used * a->size;
    a->used += count;
    return place;
}

static int reserve(array *a, size_t size, size_t room) {
    *a = (array){malloc(room * size), 0, room, size};
    return a->start != NULL;
}

// U+0080 to U+009F are nobody's letters: whoever wrote &#146; meant Windows-1252. Both take at most three bytes here,
// so the copy has room for three for every two.
static const uint16_t windows1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
    0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
    0x0153, 0,      0x017E, 0x0178};

static size_t put_character(uint8_t *place, uint16_t character) {
    if (character < 0x800) {
        place[0] = (uint8_t)(0xC0 | character >> 6);
        place[1] = (uint8_t)(0x80 | (character & 0x3F));
        return 2;
    }
    place[0] = (uint8_t)(0xE0 | character >> 12);
    place[1] = (uint8_t)(0x80 | (character >> 6 & 0x3F));
    place[2] = (uint8_t)(0x80 | (character & 0x3F));
    return 3;
}

static size_t without_c1(uint8_t *place, const uint8_t *bytes, size_t count) {
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        int is_c1 = bytes[i] == 0xC2 && i + 1 < count && bytes[i + 1] < 0xA0;
        if (!is_c1) {
            place[used++] = bytes[i];
        } else if (windows1252[bytes[++i] - 0x80]) {
            used += put_character(place + used, windows1252[bytes[i] - 0x80]);
        }
    }
    return used;
}

static void append(pass *p, array *a, const uint8_t *bytes, size_t count) {
    int is_plain = !memchr(bytes, 0xC2, count);
    size_t most = is_plain ? count : count + count / 2;
    uint8_t *place = make_room(p, a, most);
    if (!place) return;
    if (is_plain) {
        memcpy(place, bytes, count);
    } else {
        a->used -= most - without_c1(place, bytes, count);
    }
}

// MARK: Names

// libxml2 gives names in lower case. What lies beyond the table goes without a name, which no selector asks for.
static int32_t number_of(pass *p, const xmlChar *name) {
    size_t count = 0;
    uint32_t hash = 2166136261u;
    for (; name[count]; count++) hash = (hash ^ name[count]) * 16777619u;
    for (size_t step = 0; step < 16; step++) {
        size_t slot = (hash + step) & (NAME_SLOTS - 1);
        if (!p->slots[slot]) {
            uint8_t *place = count < 256 ? make_room(p, &p->names, count + 1) : NULL;
            if (!place) return -1;
            memcpy(place, name, count + 1);
            p->slots[slot] = (uint32_t)(p->names.used - count);
            return p->numbers[slot] = ++p->name_count;
        }
        if (!strcmp((const char *)p->names.start + p->slots[slot] - 1, (const char *)name)) return p->numbers[slot];
    }
    return -1;
}

// MARK: Nodes

static cxml_node *new_node(pass *p, int32_t name) {
    if (p->nodes.used >= p->limits.nodes) {
        p->page->too_many = 1;
        stop(p);
        return NULL;
    }
    cxml_node *node = make_room(p, &p->nodes, 1);
    if (!node) return NULL;
    int32_t number = (int32_t)p->nodes.used - 1;
    node->name = name;
    node->parent = p->depth ? p->open[p->depth - 1] : -1;
    node->previous = p->last[p->depth];
    node->end = number + 1;
    node->text = (uint32_t)p->text.used;
    node->attributes = (uint32_t)p->attributes.used;
    p->last[p->depth] = number;
    return node;
}

static void add_attribute(pass *p, const xmlChar *name, const xmlChar *value) {
    if (p->attributes.used >= p->limits.attributes) {
        p->page->too_many = 1;
        return;
    }
    cxml_html_attribute *attribute = make_room(p, &p->attributes, 1);
    if (!attribute) return;
    attribute->name = number_of(p, name);
    attribute->value = (uint32_t)p->values.used;
    if (value) append(p, &p->values, value, strlen((const char *)value));
    attribute->count = (uint32_t)p->values.used - attribute->value;
}

static int is_json(const xmlChar **attributes) {
    for (; attributes && attributes[0]; attributes += 2) {
        if (strcmp((const char *)attributes[0], "type") || !attributes[1]) continue;
        return strstr((const char *)attributes[1], "json") != NULL;
    }
    return 0;
}

static int is_name(const xmlChar *name, const char *other) { return !strcmp((const char *)name, other); }

static void on_open(void *context, const xmlChar *name, const xmlChar **attributes) {
    pass *p = context;
    if (p->depth >= p->limits.depth) {
        p->page->too_deep = 1;
        stop(p);
        return;
    }
    if (p->template_depth) {
        p->open[p->depth++] = -1;
        return;
    }
    if (!new_node(p, number_of(p, name))) return;
    for (const xmlChar **attribute = attributes; attribute && attribute[0]; attribute += 2) {
        add_attribute(p, attribute[0], attribute[1]);
    }
    p->open[p->depth++] = (int32_t)p->nodes.used - 1;
    p->last[p->depth] = -1;
    if (is_name(name, "template")) p->template_depth = p->depth;
    p->dropping = is_name(name, "style") || (is_name(name, "script") && !is_json(attributes));
}

static void on_close(void *context, const xmlChar *name) {
    (void)name;
    pass *p = context;
    p->dropping = 0;
    if (!p->depth) return;
    int32_t number = p->open[--p->depth];
    if (p->template_depth > p->depth) p->template_depth = 0;
    if (number >= 0) ((cxml_node *)p->nodes.start)[number].end = (int32_t)p->nodes.used;
}

static void on_text(void *context, const xmlChar *text, int count) {
    pass *p = context;
    if (count <= 0 || p->dropping || p->template_depth) return;
    cxml_node *nodes = p->nodes.start;
    int32_t last = p->last[p->depth];
    // libxml2 hands a text over in pieces, one for each reference in it.
    int goes_on = last >= 0 && nodes[last].name == 0 && (size_t)last + 1 == p->nodes.used;
    if (goes_on || new_node(p, 0)) append(p, &p->text, text, (size_t)count);
}

static void on_error(void *context, xmlErrorPtr error) {
    pass *p = context;
    p->page->errors++;
    if (error->code == XML_ERR_NO_MEMORY) p->page->out_of_memory = 1;
}

// MARK: The pass

static xmlParserInputPtr load_nothing(const char *url, const char *id, xmlParserCtxtPtr context) {
    (void)url, (void)id, (void)context;
    return NULL;
}

static void start_library(void) {
    xmlInitParser();
    xmlSetExternalEntityLoader(load_nothing);
}

void cxml_start(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_library);
}

static void prepare(pass *p) {
    xmlSAXHandler sax = {0};
    sax.initialized = XML_SAX2_MAGIC;
    sax.startElement = on_open;
    sax.endElement = on_close;
    sax.characters = on_text;
    sax.ignorableWhitespace = on_text;
    sax.cdataBlock = on_text;
    sax.serror = on_error;
    htmlCtxtUseOptions(p->parser, HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC | HTML_PARSE_NODEFDTD);
    *p->parser->sax = sax;
    p->parser->userData = p;
    // Said outright, because libxml2 otherwise guesses: one stray byte would turn the rest of a page into latin-1.
    p->parser->charset = XML_CHAR_ENCODING_UTF8;
}

// Roughly what the pages met need of each for every byte; they grow where a page is unlike the others.
static int make_arrays(pass *p, size_t count) {
    size_t open = p->limits.depth + 2;
    p->open = calloc(open, sizeof(int32_t));
    p->last = calloc(open, sizeof(int32_t));
    return p->open && p->last && reserve(&p->nodes, sizeof(cxml_node), count / 32 + 64)
        && reserve(&p->attributes, sizeof(cxml_html_attribute), count / 48 + 64)
        && reserve(&p->text, 1, count / 4 + 64) && reserve(&p->values, 1, count / 3 + 64)
        && reserve(&p->names, 1, 4096);
}

static void hand_over(pass *p) {
    while (p->depth) on_close(p, (const xmlChar *)"");
    p->page->nodes = p->nodes.start;
    p->page->node_count = p->nodes.used;
    p->page->attributes = p->attributes.start;
    p->page->attribute_count = p->attributes.used;
    p->page->text = p->text.start;
    p->page->text_count = p->text.used;
    p->page->values = p->values.start;
    p->page->value_count = p->values.used;
    p->page->names = p->names.start;
    p->page->names_count = p->names.used;
}

cxml_html cxml_html_read(const uint8_t *page, size_t count, cxml_html_limits limits) {
    cxml_html result = {0};
    cxml_start();
    pass *p = calloc(1, sizeof(pass));
    if (!p || count > INT32_MAX / 2) {
        free(p);
        result.out_of_memory = 1;
        return result;
    }
    p->limits = limits;
    p->page = &result;
    p->parser = count ? htmlCreateMemoryParserCtxt((const char *)page, (int)count) : NULL;
    int has_room = make_arrays(p, count);
    if (has_room) p->last[0] = -1;
    if (p->parser && has_room) {
        prepare(p);
        htmlParseDocument(p->parser);
    } else if (count) {
        result.out_of_memory = 1;
    }
    if (has_room) hand_over(p);
    if (p->parser) htmlFreeParserCtxt(p->parser);
    free(p->open);
    free(p->last);
    free(p);
    return result;
}

void cxml_html_free(cxml_html *page) {
    free(page->nodes);
    free(page->attributes);
    free(page->text);
    free(page->values);
    free(page->names);
    *page = (cxml_html){0};
}
