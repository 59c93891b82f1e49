#pragma once

#include <stddef.h>

/// Parses a page into libxml2's tree and frees it; returns something that the compiler cannot foresee.
size_t html_parse(const char *_Nonnull bytes, size_t count);
