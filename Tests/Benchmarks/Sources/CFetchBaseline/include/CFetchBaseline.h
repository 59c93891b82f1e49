// What the same requests cost in C: libcurl's multi interface in a plain epoll loop, one thread, handles reused.

#ifndef CFETCHBASELINE_H
#define CFETCHBASELINE_H

/// Makes `count` requests for `url`, `parallel` at a time, and returns how many were answered with a 304.
int baseline_run(const char *url, int count, int parallel);

#endif
