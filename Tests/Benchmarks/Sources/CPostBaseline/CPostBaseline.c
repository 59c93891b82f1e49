// See CPostBaseline.h. libcurl's own loop, curl_multi_poll, and nothing around it.

#include "CPostBaseline.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

struct post {
    const uint8_t *body;
    long size;
    struct curl_slist *headers;
};

struct posts {
    struct post *all;
    int count;
};

struct posts *posts_new(void) {
    return calloc(1, sizeof(struct posts));
}

void posts_free(struct posts *posts) {
    for (int i = 0; i < posts->count; i++) curl_slist_free_all(posts->all[i].headers);
    free(posts->all);
    free(posts);
}

void posts_add(struct posts *posts, const uint8_t *body, size_t size, const char *lines) {
    struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
    for (const char *line = lines; *line;) {
        size_t length = strcspn(line, "\n");
        char *header = strndup(line, length);
        headers = curl_slist_append(headers, header);
        free(header);
        line += length + (line[length] == '\n');
    }
    posts->all = realloc(posts->all, (posts->count + 1) * sizeof(struct post));
    posts->all[posts->count++] = (struct post){.body = body, .size = (long)size, .headers = headers};
}

static size_t on_data(char *bytes, size_t size, size_t count, void *context) {
    (void)bytes;
    (void)context;
    return size * count;
}

static void start(CURLM *multi, CURL *easy, const char *url, const struct post *post) {
    curl_easy_reset(easy);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, post->headers);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, post->size);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, post->body);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_data);
    curl_multi_add_handle(multi, easy);
}

int posts_send(const struct posts *posts, const char *url, int parallel) {
    CURLM *multi = curl_multi_init();
    int count = posts->count, started = 0, finished = 0, answered = 0, running = 0;
    for (; started < parallel && started < count; started++) start(multi, curl_easy_init(), url, &posts->all[started]);
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
                start(multi, easy, url, &posts->all[started++]);
            } else {
                curl_easy_cleanup(easy);
            }
        }
        if (finished < count) curl_multi_poll(multi, NULL, 0, 100, NULL);
    }
    curl_multi_cleanup(multi);
    return answered;
}
