// What Swift cannot call by itself: libcurl's variadic functions, one small function per kind of argument, and what
// the Glibc module leaves out (epoll, ppoll, malloc_trim). The other libraries of the network are called as they are.
// Nothing here decides anything, allocates or keeps state.

#ifndef CNET_H
#define CNET_H

#include <ares.h>
#include <brotli/decode.h>
#include <curl/curl.h>
#include <libdeflate.h>
#include <malloc.h>
#include <sys/epoll.h>
#include <zstd.h>

// curl_easy_setopt, by the type of the value.
CURLcode cnet_set_long(CURL *easy, CURLoption option, long value);
CURLcode cnet_set_size(CURL *easy, CURLoption option, curl_off_t value);
CURLcode cnet_set_string(CURL *easy, CURLoption option, const char *value);
CURLcode cnet_set_pointer(CURL *easy, CURLoption option, void *value);
CURLcode cnet_set_list(CURL *easy, CURLoption option, struct curl_slist *value);
CURLcode cnet_set_write(CURL *easy, CURLoption option, curl_write_callback value);
CURLcode cnet_set_read(CURL *easy, curl_read_callback value);
CURLcode cnet_set_progress(CURL *easy, curl_xferinfo_callback value);
CURLcode cnet_set_opensocket(CURL *easy, curl_opensocket_callback value);
CURLcode cnet_set_prereq(CURL *easy, curl_prereq_callback value);
CURLcode cnet_set_resolver_start(CURL *easy, curl_resolver_start_callback value);

// curl_easy_getinfo, by the type of the answer; zero or NULL where libcurl has none.
long cnet_get_long(CURL *easy, CURLINFO info);
curl_off_t cnet_get_size(CURL *easy, CURLINFO info);
void *cnet_get_private(CURL *easy);

// curl_multi_setopt, by the type of the value.
CURLMcode cnet_multi_set_long(CURLM *multi, CURLMoption option, long value);
CURLMcode cnet_multi_set_pointer(CURLM *multi, CURLMoption option, void *value);
CURLMcode cnet_multi_set_socket(CURLM *multi, curl_socket_callback value);
CURLMcode cnet_multi_set_timer(CURLM *multi, curl_multi_timer_callback value);

// The CURLcode of a CURLMsg, which sits in a union.
CURLcode cnet_result(const CURLMsg *message);

// The socket address inside a curl_sockaddr: `addrlen` bytes, more than the declared field holds.
const void *cnet_address(const struct curl_sockaddr *address);

// ppoll for reading, of one descriptor and for less than a second.
int cnet_wait(int descriptor, long nanoseconds);

#endif
