// Which sockets libcurl wants watched, and bringing the private epoll descriptor in line with it: late and all at once,
// because a transfer changes its mind several times between two looks.

import CNet
import Glibc

/// The sockets of one multi handle and the epoll descriptor that watches them.
///
/// libcurl takes a socket off before it closes it, and the kernel drops a closed descriptor from epoll by itself; the
/// same number may be a new socket before the next `flush`. So a socket taken off counts as unknown to epoll until
/// it has been added again.
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
        if what == CURL_POLL_REMOVE {
            interests[index].wanted = CURL_POLL_NONE
            interests[index].isKnown = false
        } else {
            interests[index].wanted = what
        }
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
            interests[index].isKnown = register(socket, interests[index])
        }
        dirty.removeAll(keepingCapacity: true)
    }

    /// - Returns: whether epoll watches the socket now.
    private func register(_ socket: Int32, _ interest: Interest) -> Bool {
        var event = epoll_event()
        event.data.fd = socket
        guard interest.wanted != CURL_POLL_NONE else {
            // Fails if the socket is closed already, which is as good.
            epoll_ctl(descriptor, EPOLL_CTL_DEL, socket, &event)
            return false
        }
        if interest.wanted & CURL_POLL_IN != 0 { event.events |= EPOLLIN.rawValue }
        if interest.wanted & CURL_POLL_OUT != 0 { event.events |= EPOLLOUT.rawValue }
        let first = interest.isKnown ? EPOLL_CTL_MOD : EPOLL_CTL_ADD
        let second = interest.isKnown ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
        return epoll_ctl(descriptor, first, socket, &event) == 0 || epoll_ctl(descriptor, second, socket, &event) == 0
    }
}
