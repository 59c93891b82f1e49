// libcurl's multi handle, driven by dispatch: ONE read source on a private epoll descriptor and ONE timer, both on the
// network queue. A source per socket costs half as much CPU again, and meets open bugs of libdispatch on Linux. It
// blocks for a moment at most, where it is asked to, and never decides what to fetch.

import CNet
import Dispatch
import Glibc

/// The event loop of one `CurlTransport`.
final class CurlLoop {
    let interests: SocketInterests

    private let multi: UnsafeMutableRawPointer
    private let source: any DispatchSourceRead
    private let timer: any DispatchSourceTimer
    /// When libcurl wants to be called at the latest.
    private var deadline: DispatchTime?
    /// When the timer will ring; it may be early, never late.
    private var alarm: DispatchTime?
    /// Whether libcurl is being told of a broken socket, and the handle that gave one up meanwhile.
    private var tellsOfBroken = false
    private var refused: UnsafeMutableRawPointer?
    private var isSuspended = false
    /// A descriptor that is only watched.
    private var companion: Int32 = -1
    private var events = [epoll_event](repeating: epoll_event(), count: 256)

    /// - Parameter onReady: called on `queue` when a socket or the time has something for `pump`.
    /// - Throws: `.unexpected` if descriptors or memory have run out.
    init(queue: DispatchQueue, idleConnections: Int, onReady: @escaping @Sendable () -> Void) throws(FetchFailure) {
        interests = try SocketInterests()
        let descriptor = interests.descriptor
        guard curlIsReady, let multi = curl_multi_init() else {
            close(descriptor)
            throw .unexpected("libcurl cannot start")
        }
        self.multi = multi
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        timer = DispatchSource.makeTimerSource(queue: queue)
        source.setEventHandler(handler: onReady)
        source.setCancelHandler { close(descriptor) }
        timer.setEventHandler(handler: onReady)
        listen(idleConnections: idleConnections)
        source.activate()
        timer.activate()
    }

    deinit {
        cnet_multi_set_socket(multi, nil)
        cnet_multi_set_timer(multi, nil)
        curl_multi_cleanup(multi)
        timer.cancel()
        source.cancel()
        // Dispatch ends the process when a suspended source is let go.
        resume()
    }

    private func listen(idleConnections: Int) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        cnet_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, context)
        cnet_multi_set_pointer(multi, CURLMOPT_TIMERDATA, context)
        cnet_multi_set_socket(multi, curlWantsSocket)
        cnet_multi_set_timer(multi, curlWantsTimer)
        cnet_multi_set_long(multi, CURLMOPT_MAXCONNECTS, idleConnections)
    }

    func add(_ easy: EasyHandle) -> Bool {
        curl_multi_add_handle(multi, easy.pointer) == CURLM_OK
    }

    func remove(_ easy: EasyHandle) {
        curl_multi_remove_handle(multi, easy.pointer)
    }

    /// What libcurl's socket callback says.
    func want(_ what: Int32, of socket: Int32, for easy: UnsafeMutableRawPointer?) {
        interests.want(what, of: socket)
        if tellsOfBroken, what == CURL_POLL_REMOVE { refused = easy }
    }

    /// What libcurl's timer callback says: milliseconds from now, or less than zero for never.
    func setDeadline(milliseconds: Int) {
        deadline = milliseconds < 0 ? nil : .now() + .milliseconds(milliseconds)
    }

    /// Has `descriptor`, which is not libcurl's, wake the loop as well.
    func watch(_ descriptor: Int32) {
        companion = descriptor
        interests.forget(descriptor)
        interests.want(CURL_POLL_IN, of: descriptor)
    }

    /// Lets libcurl do everything that can be done without waiting.
    ///
    /// - Returns: whether there was anything.
    func pump() -> Bool {
        interests.flush()
        let ready = epoll_wait(interests.descriptor, &events, Int32(events.count), 0)
        for index in 0..<Int(max(0, ready)) where events[index].data.fd != companion {
            guard interests.isWanted(events[index].data.fd) else { continue }
            tellsOfBroken = events[index].events & EPOLLERR.rawValue != 0
            act(on: events[index].data.fd, Self.selection(events[index].events))
            if let easy = refused { goOn(easy) }
        }
        tellsOfBroken = false
        guard let due = deadline, due <= .now() else { return ready > 0 }
        // Cleared first: libcurl says so if there is another.
        deadline = nil
        act(on: CURL_SOCKET_TIMEOUT, 0)
        return true
    }

    /// Has nobody called when a socket has something, until `settle`: whoever pumps anyway sees it. Dispatch wakes a
    /// thread of its own for each call: 1,558 times in 10,000 deliveries to a receiver on the same machine, 86 to 192
    /// times while it is suspended like this.
    func suspend() {
        guard !isSuspended else { return }
        isSuspended = true
        source.suspend()
    }

    private func resume() {
        guard isSuspended else { return }
        isSuspended = false
        source.resume()
    }

    /// Waits until a socket has something, at most so many nanoseconds.
    func wait(nanoseconds: Int) -> Bool {
        interests.flush()
        return cnet_wait(interests.descriptor, nanoseconds) > 0
    }

    /// An address that refuses at once makes libcurl 7.88 wait for half of the connect timeout, 5 s, before it tries
    /// the host's next one: it has no socket then, and forgets to say that it wants to be called. Pausing and going on
    /// makes it say so. It does nothing to a transfer that is over.
    private func goOn(_ easy: UnsafeMutableRawPointer) {
        refused = nil
        curl_easy_pause(easy, CURLPAUSE_SEND)
        curl_easy_pause(easy, CURLPAUSE_CONT)
    }

    private func act(on socket: curl_socket_t, _ selection: Int32) {
        var running: Int32 = 0
        curl_multi_socket_action(multi, socket, selection, &running)
    }

    /// An error or hang-up is for libcurl to find by reading and writing: what came before it still counts.
    private static func selection(_ events: UInt32) -> Int32 {
        let broken = EPOLLERR.rawValue | EPOLLHUP.rawValue
        let readable = events & (EPOLLIN.rawValue | broken) != 0
        let writable = events & (EPOLLOUT.rawValue | broken) != 0
        return (readable ? CURL_CSELECT_IN : 0) | (writable ? CURL_CSELECT_OUT : 0)
    }

    /// The next transfer that is over, and how it ended for libcurl.
    func reap() -> (Transfer, CURLcode)? {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let context = cnet_get_private(message.pointee.easy_handle)
            else { continue }
            let easy = Unmanaged<EasyHandle>.fromOpaque(context).takeUnretainedValue()
            if let transfer = easy.transfer { return (transfer, cnet_result(message)) }
        }
        return nil
    }

    /// To be called before the queue is left with no pump to come: has dispatch watch the sockets again, and brings
    /// epoll and the timer in line with what libcurl wants now. The timer is touched only if it would be late: most
    /// deadlines are timeouts that move on before they come.
    ///
    /// - Parameter others: when others want to be called at the latest.
    func settle(_ others: DispatchTime?...) {
        interests.flush()
        resume()
        var deadline = deadline
        for case let other? in others { deadline = min(deadline ?? other, other) }
        // A timer that has rung, or is about to, counts as unset: setting it twice costs little, missing it everything.
        if let set = alarm, set <= .now() + .milliseconds(1) { alarm = nil }
        guard let deadline, alarm.map({ deadline < $0 }) ?? true else { return }
        alarm = deadline
        timer.schedule(deadline: deadline)
    }
}
