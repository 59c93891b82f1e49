// What bare libcurl needs to post some messages: the limit that delivering them is measured against.

#pragma once

#include <stddef.h>
#include <stdint.h>

/// Messages that are ready to be posted.
struct posts;

struct posts *posts_new(void);
void posts_free(struct posts *posts);

/// Adds a message.
///
/// - body: must last as long as `posts`.
/// - lines: its header lines, one a line; libcurl sends its own besides.
void posts_add(struct posts *posts, const uint8_t *body, size_t size, const char *lines);

/// Posts each message once, `parallel` at a time, over kept connections.
///
/// - Returns: how many were answered with 204.
int posts_send(const struct posts *posts, const char *url, int parallel);
