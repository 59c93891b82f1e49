// One recovering SAX2 pass of libxml2, as small as it can be.

#include "CSAXBaseline.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

static void on_open(void *seen, const xmlChar *name, const xmlChar *prefix, const xmlChar *space, int spaces,
                    const xmlChar **declared, int attributes, int defaulted, const xmlChar **list) {
    (void)name, (void)prefix, (void)space, (void)spaces, (void)declared, (void)attributes, (void)defaulted, (void)list;
    ++*(size_t *)seen;
}

static void on_close(void *seen, const xmlChar *name, const xmlChar *prefix, const xmlChar *space) {
    (void)name, (void)prefix, (void)space;
    ++*(size_t *)seen;
}

static void on_text(void *seen, const xmlChar *text, int count) {
    (void)text;
    *(size_t *)seen += (size_t)count;
}

static void on_error(void *seen, xmlErrorPtr error) { (void)seen, (void)error; }

size_t sax_pass(const char *bytes, size_t count) {
    size_t seen = 0;
    xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC};
    sax.startElementNs = on_open;
    sax.endElementNs = on_close;
    sax.characters = sax.cdataBlock = on_text;
    sax.serror = on_error;
    xmlParserCtxtPtr parser = xmlCreateMemoryParserCtxt(bytes, (int)count);
    if (!parser) return 0;
    xmlCtxtUseOptions(parser, XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_HUGE);
    *parser->sax = sax;
    parser->userData = &seen;
    xmlParseDocument(parser);
    xmlFreeParserCtxt(parser);
    return seen;
}
