// Which sockets a library wants watched, and bringing a private epoll descriptor in line with it: late and all at once,
// because a transfer changes its mind several times between two looks.

import CNet
import Glibc

/// Some sockets, and the epoll descriptor that watches them.
///
/// A socket that is not wanted any more stays registered until something happens on it: most are wanted again, in the
/// same way, for their connection's next request, which then costs no system call. The kernel drops a closed descriptor
/// by itself, and its number may come back as a new socket at once: see `forget`.
final class SocketInterests {
    /// The epoll descriptor.
    let descriptor: Int32

    /// In events of epoll; none for nothing.
    private struct Interest {
        var wanted: UInt32 = 0
        var registered: UInt32 = 0
        var isDirty = false

        var needsTelling: Bool { wanted != 0 && wanted != registered }
    }

    /// By descriptor number.
    private var interests: [Interest] = []
    private var dirty: [Int32] = []

    /// - Throws: `.unexpected` if there is no descriptor left.
    init() throws(FetchFailure) {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard descriptor >= 0 else { throw .unexpected("no descriptor is left for epoll") }
    }

    /// Notes what is wanted (`CURL_POLL_…`) of `socket`.
    func want(_ what: Int32, of socket: Int32) {
        guard socket >= 0 else { return }
        let index = Int(socket)
        while interests.count <= index { interests.append(Interest()) }
        interests[index].wanted = Self.events(what)
        if interests[index].needsTelling, !interests[index].isDirty {
            interests[index].isDirty = true
            dirty.append(socket)
        }
    }

    /// Notes that `socket` is new, or about to be closed: what epoll was told of its number means another one. Of every
    /// new socket this is to be said before it is wanted.
    func forget(_ socket: Int32) {
        guard interests.indices.contains(Int(socket)) else { return }
        interests[Int(socket)].wanted = 0
        interests[Int(socket)].registered = 0
    }

    /// Whether anybody wants to know what has happened on `socket`; otherwise it is not watched any longer.
    func isWanted(_ socket: Int32) -> Bool {
        guard interests.indices.contains(Int(socket)) else { return false }
        if interests[Int(socket)].wanted != 0 { return true }
        var event = epoll_event()
        epoll_ctl(descriptor, EPOLL_CTL_DEL, socket, &event)
        interests[Int(socket)].registered = 0
        return false
    }

    /// Tells epoll what has changed.
    func flush() {
        for socket in dirty {
            let index = Int(socket)
            interests[index].isDirty = false
            if interests[index].needsTelling {
                interests[index].registered = register(socket, interests[index]) ? interests[index].wanted : 0
            }
        }
        dirty.removeAll(keepingCapacity: true)
    }

    /// - Returns: whether epoll watches the socket as it is wanted.
    private func register(_ socket: Int32, _ interest: Interest) -> Bool {
        var event = epoll_event()
        event.data.fd = socket
        event.events = interest.wanted
        let first = interest.registered == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
        let second = interest.registered == 0 ? EPOLL_CTL_MOD : EPOLL_CTL_ADD
        return epoll_ctl(descriptor, first, socket, &event) == 0 || epoll_ctl(descriptor, second, socket, &event) == 0
    }

    private static func events(_ what: Int32) -> UInt32 {
        guard what != CURL_POLL_REMOVE else { return 0 }
        return (what & CURL_POLL_IN != 0 ? EPOLLIN.rawValue : 0) | (what & CURL_POLL_OUT != 0 ? EPOLLOUT.rawValue : 0)
    }
}
