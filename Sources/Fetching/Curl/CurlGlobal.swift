// What the libraries want done once in a process, before anything else, and what a process needs that has thousands of
// connections.

import CNet
import Glibc

/// Whether libcurl and c-ares are set up; the first to ask sets them up, and everyone else waits for that.
///
/// SIGPIPE is ignored here because transfers run with CURLOPT_NOSIGNAL, under which libcurl leaves that to its user,
/// and OpenSSL writes to sockets that a stranger has closed.
let curlIsReady: Bool = {
    signal(SIGPIPE, SIG_IGN)
    // An arena per thread keeps what each of them has freed: with two, 15 MB instead of 25 stay resident.
    mallopt(M_ARENA_MAX, 2)
    raiseDescriptorLimit()
    return ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS
        && curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}()

/// Takes as many descriptors as the system gives without asking: the soft limit is 1,024 by default, for the sake of
/// programs that use select(2), and we do not.
private func raiseDescriptorLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, 65_536))
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}
