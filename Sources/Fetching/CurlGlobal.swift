// What libcurl wants done once in a process, before anything else.

import CNet
import Glibc

/// Whether libcurl is set up; the first to ask sets it up, and everyone else waits for that.
///
/// SIGPIPE is ignored here because transfers run with CURLOPT_NOSIGNAL, under which libcurl leaves that to its user,
/// and OpenSSL writes to sockets that a stranger has closed.
let curlIsReady: Bool = {
    signal(SIGPIPE, SIG_IGN)
    return curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}()
