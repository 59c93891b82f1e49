// See CFetchBaseline.h. The options are those of `EasyHandle`, so that libcurl has the same to do.

#include "CFetchBaseline.h"

#include <curl/curl.h>
#include <sys/epoll.h>
#include <unistd.h>

struct loop {
    CURLM *multi;
    int epoll;
    long timeout;
};

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *known) {
    struct loop *loop = context;
    struct epoll_event event = {.data.fd = fd};
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(loop->epoll, EPOLL_CTL_DEL, fd, &event);
        curl_multi_assign(loop->multi, fd, NULL);
        return 0;
    }
    event.events = (what & CURL_POLL_IN ? EPOLLIN : 0) | (what & CURL_POLL_OUT ? EPOLLOUT : 0);
    epoll_ctl(loop->epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event);
    curl_multi_assign(loop->multi, fd, loop);
    return 0;
}

static int on_timer(CURLM *multi, long milliseconds, void *context) {
    (void)multi;
    ((struct loop *)context)->timeout = milliseconds;
    return 0;
}

static size_t on_data(char *bytes, size_t size, size_t count, void *context) {
    (void)bytes;
    *(size_t *)context += size * count;
    return size * count;
}

static void start(struct loop *loop, CURL *easy, const struct baseline_work *work, struct curl_slist *headers,
                  size_t *seen) {
    curl_easy_reset(easy);
    curl_easy_setopt(easy, CURLOPT_URL, work->url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    if (work->authorities) curl_easy_setopt(easy, CURLOPT_CAINFO, work->authorities);
    // Here libcurl inflates by itself.
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, 10000L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 60000L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 10L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, 20L);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_data);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, seen);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_data);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, seen);
    curl_multi_add_handle(loop->multi, easy);
}

int baseline_run(const struct baseline_work *work) {
    int count = work->count, parallel = work->parallel;
    struct loop loop = {.multi = curl_multi_init(), .epoll = epoll_create1(EPOLL_CLOEXEC), .timeout = 0};
    struct curl_slist *headers = curl_slist_append(NULL, "User-Agent: baseline");
    headers = curl_slist_append(headers, "If-None-Match: \"5f3a\"");
    curl_multi_setopt(loop.multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(loop.multi, CURLMOPT_SOCKETDATA, &loop);
    curl_multi_setopt(loop.multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(loop.multi, CURLMOPT_TIMERDATA, &loop);
    curl_multi_setopt(loop.multi, CURLMOPT_MAXCONNECTS, 256L);

    int started = 0, finished = 0, answered = 0, running = 0;
    size_t seen = 0;
    for (; started < parallel && started < count; started++) start(&loop, curl_easy_init(), work, headers, &seen);
    while (finished < count) {
        struct epoll_event events[256];
        int ready = epoll_wait(loop.epoll, events, 256, loop.timeout < 0 ? 1000 : (int)loop.timeout);
        if (ready <= 0) curl_multi_socket_action(loop.multi, CURL_SOCKET_TIMEOUT, 0, &running);
        for (int i = 0; i < ready; i++) {
            int what = (events[i].events & EPOLLIN ? CURL_CSELECT_IN : 0) | (events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0);
            curl_multi_socket_action(loop.multi, events[i].data.fd, what, &running);
        }
        int left;
        for (CURLMsg *message; (message = curl_multi_info_read(loop.multi, &left));) {
            CURL *easy = message->easy_handle;
            long status = 0;
            curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
            answered += status == work->status;
            finished++;
            curl_multi_remove_handle(loop.multi, easy);
            if (started < count) {
                start(&loop, easy, work, headers, &seen);
                started++;
            } else {
                curl_easy_cleanup(easy);
            }
        }
    }
    curl_multi_cleanup(loop.multi);
    curl_slist_free_all(headers);
    close(loop.epoll);
    return answered;
}
