// See CPostBaseline.h. libcurl's own loop, curl_multi_poll, and nothing around it.

#include "CPostBaseline.h"

#include <curl/curl.h>

static size_t on_data(char *bytes, size_t size, size_t count, void *context) {
    (void)bytes;
    (void)context;
    return size * count;
}

static void start(CURLM *multi, CURL *easy, const char *url, struct curl_slist *headers, const uint8_t *body, long size) {
    curl_easy_reset(easy);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, size);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_data);
    curl_multi_add_handle(multi, easy);
}

int post_bodies(const char *url, const uint8_t *bodies, const long *sizes, int count, int parallel) {
    CURLM *multi = curl_multi_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    headers = curl_slist_append(headers, "Expect:");
    int started = 0, finished = 0, answered = 0, running = 0;
    for (; started < parallel && started < count; started++) {
        start(multi, curl_easy_init(), url, headers, bodies, sizes[started]);
        bodies += sizes[started];
    }
    while (finished < count) {
        curl_multi_perform(multi, &running);
        int left;
        for (CURLMsg *message; (message = curl_multi_info_read(multi, &left));) {
            CURL *easy = message->easy_handle;
            long status = 0;
            curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
            answered += status == 204;
            finished++;
            curl_multi_remove_handle(multi, easy);
            if (started < count) {
                start(multi, easy, url, headers, bodies, sizes[started]);
                bodies += sizes[started];
                started++;
            } else {
                curl_easy_cleanup(easy);
            }
        }
        if (finished < count) curl_multi_poll(multi, NULL, 0, 100, NULL);
    }
    curl_multi_cleanup(multi);
    curl_slist_free_all(headers);
    return answered;
}
