// What bare libcurl needs to post some bodies: the limit that delivering them is measured against.

#pragma once

#include <stddef.h>
#include <stdint.h>

/// Posts each body once, `parallel` at a time, over kept connections.
///
/// - bodies: one behind the other.
/// - sizes: of each, in bytes.
/// - Returns: how many were answered with 204.
int post_bodies(const char *url, const uint8_t *bodies, const long *sizes, int count, int parallel);
