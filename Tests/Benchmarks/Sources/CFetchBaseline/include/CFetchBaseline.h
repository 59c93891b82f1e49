// The measure of FetchBenchmark: the same requests over libcurl's multi interface, straight from C and epoll.

#ifndef CFETCHBASELINE_H
#define CFETCHBASELINE_H

struct baseline_work {
    const char *url;
    // A PEM file of certificate authorities, or NULL.
    const char *authorities;
    int count;
    // Requests under way at once.
    int parallel;
    // The status that counts as an answer.
    int status;
};

// Carries out the work; returns how many requests were answered.
int baseline_run(const struct baseline_work *work);

#endif
