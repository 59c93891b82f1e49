// One recovering HTML parse of libxml2, as small as it can be.

#include "CHTMLBaseline.h"

#include <libxml/HTMLparser.h>

size_t html_parse(const char *bytes, size_t count) {
    int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | XML_PARSE_HUGE;
    htmlDocPtr page = htmlReadMemory(bytes, (int)count, NULL, "UTF-8", options);
    if (!page) return 0;
    size_t seen = (size_t)(page->children != NULL);
    xmlFreeDoc(page);
    return seen;
}
