// Which sockets libcurl wants watched, and bringing the private epoll descriptor in line with it: late and all at once,
// because a transfer changes its mind several times between two looks.

import CNet
import Glibc

/// The sockets of one multi handle and the epoll descriptor that watches them.
///
/// A socket that is taken off stays registered for one more turn: most are wanted again by then, for the connection's
/// next request. What happens on it meanwhile is nobody's, and libcurl and c-ares take it for that.
///
/// libcurl takes a socket off before it closes it, and the kernel drops a closed descriptor from epoll by itself; the
/// same number may be a new socket before the next `flush`. So whether epoll knows a socket is only ever a guess, and a
/// wrong one costs a system call.
final class SocketInterests {
    /// The epoll descriptor.
    let descriptor: Int32

    private struct Interest {
        var wanted: Int32 = CURL_POLL_NONE
        var isKnown = false
        var isDirty = false
    }

    /// By descriptor number.
    private var interests: [Interest] = []
    private var dirty: [Int32] = []
    /// Those that were taken off in this turn, and in the one before.
    private var left: [Int32] = []
    private var leaving: [Int32] = []

    /// - Throws: `.unexpected` if there is no descriptor left.
    init() throws(FetchFailure) {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard descriptor >= 0 else { throw .unexpected("no descriptor is left for epoll") }
    }

    /// Notes what libcurl wants (`CURL_POLL_…`) of `socket`.
    func want(_ what: Int32, of socket: Int32) {
        guard socket >= 0 else { return }
        let index = Int(socket)
        while interests.count <= index { interests.append(Interest()) }
        interests[index].wanted = what == CURL_POLL_REMOVE ? CURL_POLL_NONE : what
        if !interests[index].isDirty {
            interests[index].isDirty = true
            dirty.append(socket)
        }
    }

    /// Tells epoll what has changed.
    func flush() {
        for socket in dirty {
            let index = Int(socket)
            interests[index].isDirty = false
            if interests[index].wanted == CURL_POLL_NONE {
                left.append(socket)
            } else {
                interests[index].isKnown = register(socket, interests[index])
            }
        }
        dirty.removeAll(keepingCapacity: true)
    }

    /// Ends a turn: flushes, and has epoll forget what was taken off in the turn before and is still not wanted.
    func settle() {
        flush()
        var event = epoll_event()
        for socket in leaving where interests[Int(socket)].wanted == CURL_POLL_NONE {
            // Fails if the socket is closed already, which is as good.
            epoll_ctl(descriptor, EPOLL_CTL_DEL, socket, &event)
            interests[Int(socket)].isKnown = false
        }
        swap(&leaving, &left)
        left.removeAll(keepingCapacity: true)
    }

    /// - Returns: whether epoll watches the socket now.
    private func register(_ socket: Int32, _ interest: Interest) -> Bool {
        var event = epoll_event()
        event.data.fd = socket
        if interest.wanted & CURL_POLL_IN != 0 { event.events |= EPOLLIN.rawValue }
        if interest.wanted & CURL_POLL_OUT != 0 { event.events |= EPOLLOUT.rawValue }
        let first = interest.isKnown ? EPOLL_CTL_MOD : EPOLL_CTL_ADD
        let second = interest.isKnown ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
        return epoll_ctl(descriptor, first, socket, &event) == 0 || epoll_ctl(descriptor, second, socket, &event) == 0
    }
}
