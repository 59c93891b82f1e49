// XPath 1.0 over a page, by libxml2: the flat tree is made into one of libxml2's, in which every element knows its
// number. Only pages whose rules use XPath pay for it. Functions that load or transform are not registered; operations
// are counted, and errors stay here.

#include "cxml_html.h"

#include <libxml/HTMLtree.h>
#include <libxml/tree.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <stdlib.h>
#include <string.h>

struct cxml_xpath_tree {
    xmlDocPtr document;
    xmlNodePtr *nodes;
    size_t count;
};

static void say_nothing(void *context, xmlErrorPtr error) { (void)context, (void)error; }

static void print_nothing(void *context, const char *format, ...) { (void)context, (void)format; }

static const xmlChar *name_at(const cxml_html *page, const xmlChar **names, int32_t number) {
    (void)page;
    return number > 0 ? names[number] : (const xmlChar *)"unknown";
}

// Index 0 is for what has no name.
static const xmlChar **list_names(const cxml_html *page) {
    size_t count = 1;
    for (size_t i = 0; i < page->names_count; i++) count += page->names[i] == 0;
    const xmlChar **names = calloc(count, sizeof(xmlChar *));
    if (!names) return NULL;
    size_t start = 0;
    for (size_t i = 0, number = 1; i < page->names_count; i++) {
        if (page->names[i]) continue;
        names[number++] = page->names + start;
        start = i + 1;
    }
    return names;
}

static void add_attributes(const cxml_html *page, const xmlChar **names, size_t i, xmlNodePtr node) {
    size_t end = i + 1 < page->node_count ? page->nodes[i + 1].attributes : page->attribute_count;
    for (size_t a = page->nodes[i].attributes; a < end; a++) {
        const cxml_html_attribute *attribute = &page->attributes[a];
        xmlChar *value = xmlStrndup(page->values + attribute->value, (int)attribute->count);
        if (!value) continue;
        const xmlChar *name = name_at(page, names, attribute->name);
        if (!xmlHasProp(node, name)) xmlNewProp(node, name, value);
        xmlFree(value);
    }
}

static xmlNodePtr make_node(const cxml_html *page, const xmlChar **names, size_t i, xmlDocPtr document) {
    const cxml_node *node = &page->nodes[i];
    if (node->name) {
        xmlNodePtr made = xmlNewDocNode(document, NULL, name_at(page, names, node->name), NULL);
        if (made) add_attributes(page, names, i, made);
        return made;
    }
    size_t end = i + 1 < page->node_count ? page->nodes[i + 1].text : page->text_count;
    return xmlNewDocTextLen(document, page->text + node->text, (int)(end - node->text));
}

// Siblings are linked by hand: xmlAddChild would merge texts, and free the one it merged.
static void link_node(cxml_xpath_tree *tree, xmlNodePtr node, xmlNodePtr parent, int32_t previous) {
    node->parent = parent;
    parent->last = node;
    if (previous < 0) {
        if (!parent->children) parent->children = node;
        return;
    }
    node->prev = tree->nodes[previous];
    if (node->prev) node->prev->next = node;
}

static int fill(cxml_xpath_tree *tree, const cxml_html *page) {
    const xmlChar **names = list_names(page);
    if (!names) return 0;
    for (size_t i = 0; i < page->node_count; i++) {
        xmlNodePtr node = make_node(page, names, i, tree->document);
        if (!node) {
            free(names);
            return 0;
        }
        tree->nodes[i] = node;
        node->_private = (void *)(uintptr_t)(i + 1);
        int32_t parent = page->nodes[i].parent;
        link_node(tree, node, parent < 0 ? (xmlNodePtr)tree->document : tree->nodes[parent], page->nodes[i].previous);
    }
    free(names);
    return 1;
}

cxml_xpath_tree *cxml_xpath_open(const cxml_html *page) {
    cxml_start();
    cxml_xpath_tree *tree = calloc(1, sizeof(cxml_xpath_tree));
    if (!tree) return NULL;
    tree->count = page->node_count;
    tree->nodes = calloc(page->node_count + 1, sizeof(xmlNodePtr));
    tree->document = htmlNewDocNoDtD(NULL, NULL);
    if (!tree->nodes || !tree->document || !fill(tree, page)) {
        cxml_xpath_close(tree);
        return NULL;
    }
    xmlXPathOrderDocElems(tree->document);
    return tree;
}

void cxml_xpath_close(cxml_xpath_tree *tree) {
    if (tree->document) xmlFreeDoc(tree->document);
    free(tree->nodes);
    free(tree);
}

static xmlXPathContextPtr new_context(xmlDocPtr document, unsigned long steps) {
    xmlXPathContextPtr context = xmlXPathNewContext(document);
    if (!context) return NULL;
    // Of some errors, such as a function that there is not, libxml2 also writes to stderr; the setting is the thread's.
    xmlSetGenericErrorFunc(NULL, print_nothing);
    context->error = say_nothing;
    context->opLimit = steps;
    return context;
}

static void tell(xmlXPathObjectPtr result, void *context, cxml_xpath_found found) {
    if (result->type != XPATH_NODESET) {
        xmlChar *string = xmlXPathCastToString(result);
        if (string) found(context, -1, (cxml_bytes){string, strlen((const char *)string)});
        xmlFree(string);
        return;
    }
    xmlXPathNodeSetSort(result->nodesetval);
    for (int i = 0; result->nodesetval && i < result->nodesetval->nodeNr; i++) {
        xmlNodePtr node = result->nodesetval->nodeTab[i];
        if (node->type == XML_ELEMENT_NODE) {
            found(context, (int32_t)(uintptr_t)node->_private - 1, (cxml_bytes){NULL, 0});
            continue;
        }
        xmlChar *string = xmlXPathCastNodeToString(node);
        if (string) found(context, -1, (cxml_bytes){string, strlen((const char *)string)});
        xmlFree(string);
    }
}

cxml_xpath_outcome cxml_xpath_find(cxml_xpath_tree *tree, const char *expression, int32_t node, unsigned long steps,
                                   void *context, cxml_xpath_found found) {
    xmlXPathContextPtr xpath = new_context(tree->document, steps);
    if (!xpath) return cxml_xpath_costly;
    int is_node = node >= 0 && (size_t)node < tree->count;
    xpath->node = is_node ? tree->nodes[node] : (xmlNodePtr)tree->document;
    xmlXPathObjectPtr result = xmlXPathEvalExpression((const xmlChar *)expression, xpath);
    int code = xpath->lastError.code;
    if (result) tell(result, context, found);
    xmlXPathFreeObject(result);
    xmlXPathFreeContext(xpath);
    if (result) return cxml_xpath_done;
    int is_costly = code == XML_XPATH_EXPRESSION_OK + XPATH_OP_LIMIT_EXCEEDED
        || code == XML_XPATH_EXPRESSION_OK + XPATH_RECURSION_LIMIT_EXCEEDED
        || code == XML_XPATH_EXPRESSION_OK + XPATH_MEMORY_ERROR;
    return is_costly ? cxml_xpath_costly : cxml_xpath_wrong;
}

static void note_place(void *context, xmlErrorPtr error) {
    *(size_t *)context = error->int1 > 0 ? (size_t)error->int1 : 0;
}

int cxml_xpath_check(const char *expression, size_t *at) {
    cxml_start();
    *at = 0;
    xmlXPathContextPtr context = new_context(NULL, 0);
    if (!context) return 0;
    context->error = note_place;
    context->userData = at;
    xmlXPathCompExprPtr compiled = xmlXPathCtxtCompile(context, (const xmlChar *)expression);
    int is_right = compiled != NULL;
    xmlXPathFreeCompExpr(compiled);
    xmlXPathFreeContext(context);
    return is_right;
}
