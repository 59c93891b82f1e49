// What Swift may see of libxml2's HTML parser and its XPath: one pass that turns clean UTF-8 into a flat tree, and
// look-ups of XPath 1.0 in that tree. No pointer of libxml2 leaves html.c and xpath.c, nothing is loaded, nothing is
// written to stderr.

#pragma once

#include "cxml.h"

#pragma clang assume_nonnull begin

/// Makes libxml2 ready, once: threads, and a loader of external entities that loads nothing.
void cxml_start(void);

/// A node of the tree, in document order: an element, or a run of text (`name` is 0).
/// The nodes inside it are those up to `end`; its text, and that of all in it, begins at `text` and ends where the
/// text of the node at `end` begins.
typedef struct {
    int32_t name;
    int32_t parent;    // -1 at the top
    int32_t previous;  // the sibling element or text before it, -1 at the first
    int32_t end;
    uint32_t text;
    uint32_t attributes;  // the first of its attributes; they end where those of the next node begin
} cxml_node;

/// One attribute of an element, its references resolved; the value is a run of the values' bytes.
typedef struct {
    int32_t name;
    uint32_t value, count;
} cxml_html_attribute;

/// What a page may cost; what lies beyond is left out. `depth` counts open elements: deeper ones end the pass.
typedef struct {
    size_t nodes, attributes, depth;
} cxml_html_limits;

/// A page as a tree. Names are separated by zero bytes, the first of them is number 1.
typedef struct {
    cxml_node *_Nullable nodes;
    size_t node_count;
    cxml_html_attribute *_Nullable attributes;
    size_t attribute_count;
    uint8_t *_Nullable text;
    size_t text_count;
    uint8_t *_Nullable values;
    size_t value_count;
    uint8_t *_Nullable names;
    size_t names_count;
    size_t errors;  // what libxml2 complained of and went on from
    int too_deep, too_many, out_of_memory;
} cxml_html;

/// Reads one page of clean UTF-8; `page[count]` must be 0. The text of scripts is kept only where their type says JSON,
/// that of styles never, and nothing inside a <template>. Free the result with `cxml_html_free`.
cxml_html cxml_html_read(const uint8_t *page, size_t count, cxml_html_limits limits);

void cxml_html_free(cxml_html *page);

/// A compiled XPath expression and the tree it is asked of.
typedef struct cxml_xpath_tree cxml_xpath_tree;

/// Makes libxml2's tree of one of ours, whose arrays need to live no longer than the call; NULL for want of memory.
cxml_xpath_tree *_Nullable cxml_xpath_open(const cxml_html *page);

void cxml_xpath_close(cxml_xpath_tree *tree);

/// Told of each node found, in document order: its number, or -1 and its string where it is no element.
typedef void (*cxml_xpath_found)(void *context, int32_t node, cxml_bytes string);

typedef enum { cxml_xpath_done, cxml_xpath_wrong, cxml_xpath_costly } cxml_xpath_outcome;

/// Asks for `expression`, a C string, from `node` (-1: the document). At most `steps` operations of libxml2's.
cxml_xpath_outcome cxml_xpath_find(cxml_xpath_tree *tree, const char *expression, int32_t node, unsigned long steps,
                                   void *context, cxml_xpath_found found);

/// Whether `expression` is XPath 1.0 at all; `at` is the offset of the byte where it is not.
int cxml_xpath_check(const char *expression, size_t *at);

#pragma clang assume_nonnull end
