// Looks names up by c-ares, on the network queue: no thread, no wait, a bounded number of questions at once. It owns
// an epoll descriptor for the sockets of its questions, which its user watches, and a cache. /etc/hosts comes before
// the name servers, and loopback's names never leave the machine.

import CNet
import DequeModule
import Dispatch
import Glibc

/// The names of one `CurlTransport`.
final class Resolver {
    /// What is to be known of a name.
    typealias Outcome = Result<NameAnswer, FetchFailure>

    private let settings: NameSettings
    private let interests: SocketInterests
    private var channel: OpaquePointer
    private(set) var environment: NameEnvironment
    private var lastLook: DispatchTime
    private var cache: NameCache
    private var lastID: UInt64 = 0

    /// Names that are being asked for, or wait for it.
    private var questions: [String: Question] = [:]
    /// Those that wait, in order; one that is no longer in `questions` waits no more.
    private var pending: Deque<String> = []
    /// Questions under way that somebody waits for.
    private var asked = 0
    /// All that c-ares has not answered yet: it cannot be told that nobody waits any more.
    private var open = 0
    /// When the first of those that wait has waited long enough.
    private var firstDeadline: DispatchTime?
    private var outcomes: Deque<(Transfer, Outcome)> = []
    private var events = [epoll_event](repeating: epoll_event(), count: 16)

    /// A name that does not exist may do so soon; a name server that failed may have recovered by now.
    private static let keepingMissing = DispatchTimeInterval.seconds(30)
    private static let keepingFailed = DispatchTimeInterval.seconds(5)

    /// Reads /etc/hosts and its like, this once on the network queue.
    ///
    /// - Throws: `.unexpected` if descriptors or memory have run out.
    init(_ settings: NameSettings, at now: DispatchTime) throws(FetchFailure) {
        self.settings = settings
        interests = try SocketInterests()
        environment = NameEnvironment(settings)
        lastLook = now
        cache = NameCache(most: settings.mostNames)
        do throws(FetchFailure) {
            channel = try Self.channel(settings, interests)
        } catch {
            close(interests.descriptor)
            throw error
        }
    }

    deinit {
        // Ends every question; none finds a resolver any more.
        ares_destroy(channel)
        close(interests.descriptor)
    }

    private static func channel(
        _ settings: NameSettings, _ interests: SocketInterests
    ) throws(FetchFailure) -> OpaquePointer {
        var options = ares_options()
        options.flags = ARES_FLAG_NOALIASES | ARES_FLAG_EDNS
        // What passes undivided through every network (DNS flag day 2020).
        options.ednspsz = 1_232
        // 1, 2 and 4 s for each server, then it is given up.
        options.timeout = 1_000
        options.tries = 3
        // Names are asked for as they are: c-ares would make a stranger's name, if it is not found, one of ours.
        options.ndomains = 0
        options.udp_port = settings.port
        options.tcp_port = settings.port
        options.sock_state_cb = resolverWantsSocket
        options.sock_state_cb_data = Unmanaged.passUnretained(interests).toOpaque()
        var channel: OpaquePointer?
        let status = "b".withCString { lookups in
            settings.resolver.withCString { path in
                // Copied by c-ares.
                options.lookups = UnsafeMutablePointer(mutating: lookups)
                options.resolvconf_path = UnsafeMutablePointer(mutating: path)
                return ares_init_options(
                    &channel, &options,
                    ARES_OPT_FLAGS | ARES_OPT_EDNSPSZ | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_DOMAINS
                        | ARES_OPT_UDP_PORT | ARES_OPT_TCP_PORT | ARES_OPT_SOCK_STATE_CB | ARES_OPT_LOOKUPS
                        | ARES_OPT_RESOLVCONF)
            }
        }
        guard status == ARES_SUCCESS, let channel else {
            throw .unexpected("names cannot be looked up: \(text(of: status))")
        }
        return channel
    }

    /// Becomes readable when `pump` has something to do.
    var descriptor: Int32 { interests.descriptor }

    // MARK: Asking

    /// What is known of `name`, or `nil` if it has to be asked for: `reap` will say it then, in `deadline` at the
    /// latest.
    ///
    /// - Parameter name: in lower case, without a dot at its end.
    func outcome(for name: String, _ transfer: Transfer, by deadline: DispatchTime, at now: DispatchTime) -> Outcome? {
        switch cache.entry(for: name, at: now) {
        case .found(let answer)?: return .success(answer)
        case .failed(let failure, _)?: return .failure(failure)
        case nil: break
        }
        if let addresses = isLoopback(name) ? IPAddress.loopback : environment.hosts[name] {
            return .success(keep(addresses, ttl: 0, for: name, at: now))
        }
        wait(for: name, transfer, until: deadline)
        askPending()
        return nil
    }

    /// RFC 6761 §6.3: these never reach a name server.
    private func isLoopback(_ name: String) -> Bool {
        name == "localhost" || name.hasSuffix(".localhost")
    }

    private func wait(for name: String, _ transfer: Transfer, until deadline: DispatchTime) {
        firstDeadline = min(deadline, firstDeadline ?? deadline)
        if let question = questions[name] { return question.waiters.append((transfer, deadline)) }
        let question = Question(name, resolver: self)
        question.waiters = [(transfer, deadline)]
        questions[name] = question
        pending.append(name)
    }

    private func askPending() {
        while asked < settings.questionsAtOnce, let name = pending.popFirst() {
            // It may stand there twice: given up while it waited, and wanted again.
            guard let question = questions[name], question.state == .pending else { continue }
            asked += 1
            question.state = .asked
            question.candidates = candidates(for: name)[...]
            askNext(question)
        }
    }

    /// Only a name without a dot is looked for in the machine's own domains, and there first.
    private func candidates(for name: String) -> [String] {
        name.contains(".") ? [name] : environment.domains.map { "\(name).\($0)" } + [name]
    }

    private func askNext(_ question: Question) {
        guard let candidate = question.candidates.popFirst() else { return }
        var hints = ares_addrinfo_hints()
        hints.ai_flags = ARES_AI_NOSORT
        hints.ai_family = environment.family
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        open += 1
        ares_getaddrinfo(
            channel, candidate, nil, &hints, resolverHasAnswer, Unmanaged.passRetained(question).toOpaque())
    }

    /// Lets c-ares read, send again and give up; to be called when the descriptor is readable or the deadline past.
    func pump(at now: DispatchTime) {
        guard open > 0 || !questions.isEmpty else { return }
        interests.flush()
        let ready = epoll_wait(interests.descriptor, &events, Int32(events.count), 0)
        for event in events.prefix(Int(max(0, ready))) {
            let isWritable = event.events & EPOLLOUT.rawValue != 0
            ares_process_fd(channel, event.data.fd, isWritable ? event.data.fd : ARES_SOCKET_BAD)
        }
        ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD)
        giveUp(at: now)
        askPending()
        interests.flush()
    }

    /// Ends the wait of those that have waited long enough.
    private func giveUp(at now: DispatchTime) {
        guard let first = firstDeadline, first <= now else { return }
        firstDeadline = nil
        for (name, question) in questions {
            let over = question.waiters.filter { $0.deadline <= now }
            question.waiters.removeAll { $0.deadline <= now }
            outcomes += over.map { ($0.transfer, .failure(.timedOut(.resolving))) }
            for waiter in question.waiters { firstDeadline = min(waiter.deadline, firstDeadline ?? waiter.deadline) }
            guard question.waiters.isEmpty else { continue }
            // Its place is free, and who asks again is not bound to it.
            questions[name] = nil
            if question.state == .asked { asked -= 1 }
            question.state = .abandoned
        }
    }

    /// The next transfer that waited for a name and does so no more.
    func reap() -> (Transfer, Outcome)? {
        outcomes.popFirst()
    }

    /// When `pump` wants to be called at the latest.
    func deadline(at now: DispatchTime) -> DispatchTime? {
        var limit = timeval()
        guard open > 0, let wait = ares_timeout(channel, nil, &limit)?.pointee else { return firstDeadline }
        let next = now + .seconds(wait.tv_sec) + .microseconds(Int(wait.tv_usec))
        return min(next, firstDeadline ?? next)
    }

    // MARK: Answers

    fileprivate func finish(_ question: Question, _ status: Int32, _ info: UnsafeMutablePointer<ares_addrinfo>?) {
        open -= 1
        let answer = status == ARES_SUCCESS ? AnswerReader(info) : nil
        if question.state == .abandoned { return }
        // The servers are others now: see `take`.
        if status == ARES_EDESTRUCTION { return askAgain(question) }
        if answer == nil, !question.candidates.isEmpty, Self.isMissing(status) { return askNext(question) }
        asked -= 1
        questions[question.name] = nil
        let now = DispatchTime.now()
        let outcome: Outcome =
            if let answer {
                .success(keep(answer.addresses, ttl: answer.ttl, for: question.name, at: now))
            } else {
                .failure(failure(status, of: question.name, at: now))
            }
        outcomes += question.waiters.map { ($0.transfer, outcome) }
    }

    private func askAgain(_ question: Question) {
        asked -= 1
        question.state = .pending
        pending.append(question.name)
    }

    private func keep(_ addresses: [IPAddress], ttl: Int, for name: String, at now: DispatchTime) -> NameAnswer {
        lastID += 1
        let answer = NameAnswer(id: lastID, addresses: addresses, ttl: ttl, at: now)
        cache.keep(.found(answer), for: name)
        return answer
    }

    private func failure(_ status: Int32, of name: String, at now: DispatchTime) -> FetchFailure {
        if Self.isMissing(status) {
            cache.keep(.failed(.nameNotFound, until: now + Self.keepingMissing), for: name)
            return .nameNotFound
        }
        guard status != ARES_ETIMEOUT, status != ARES_ECONNREFUSED else { return .nameServer("it does not answer") }
        let failure = FetchFailure.nameServer(Self.text(of: status))
        cache.keep(.failed(failure, until: now + Self.keepingFailed), for: name)
        return failure
    }

    /// A success without an address is a name without one.
    private static func isMissing(_ status: Int32) -> Bool {
        [ARES_SUCCESS, ARES_ENOTFOUND, ARES_ENODATA, ARES_EBADNAME].contains(status)
    }

    private static func text(of status: Int32) -> String {
        String(cString: ares_strerror(status))
    }

    // MARK: A changing machine

    /// What was read last, if it is time to read it again, elsewhere, and to bring it to `take`. Only who asks needs to
    /// know.
    func environmentToRefresh(at now: DispatchTime) -> NameEnvironment? {
        guard open > 0, now >= lastLook + settings.trust else { return nil }
        lastLook = now
        return environment
    }

    /// Goes by what the machine says now. If the name servers are others, they are asked what the old ones have not
    /// answered.
    func take(_ new: NameEnvironment) {
        let isSame = new.resolver == environment.resolver && new.family == environment.family
        environment = new
        guard !isSame, let other = try? Self.channel(settings, interests) else { return }
        let old = channel
        channel = other
        cache.forgetFailures()
        ares_destroy(old)
        askPending()
    }
}

/// A name that is asked for, and who waits for it.
private final class Question {
    enum State {
        case pending, asked
        /// Nobody waits for it, though c-ares still does.
        case abandoned
    }

    let name: String
    weak var resolver: Resolver?
    var state = State.pending
    /// What it is still to be asked for, if what it was asked for does not exist.
    var candidates: ArraySlice<String> = []
    var waiters: [(transfer: Transfer, deadline: DispatchTime)] = []

    init(_ name: String, resolver: Resolver) {
        self.name = name
        self.resolver = resolver
    }
}

/// The addresses in an answer of c-ares.
private struct AnswerReader {
    private(set) var addresses: [IPAddress] = []
    private(set) var ttl = Int.max

    init?(_ info: UnsafeMutablePointer<ares_addrinfo>?) {
        var node = info?.pointee.nodes
        while let here = node?.pointee {
            let raw = UnsafeRawBufferPointer(start: here.ai_addr, count: Int(here.ai_addrlen))
            if let address = IPAddress(socketAddress: raw), !addresses.contains(address) { addresses.append(address) }
            ttl = min(ttl, Int(here.ai_ttl))
            node = here.ai_next
            if addresses.count >= NameAnswer.most { break }
        }
        var alias = info?.pointee.cnames
        while let here = alias?.pointee {
            ttl = min(ttl, Int(here.ttl))
            alias = here.next
        }
        guard !addresses.isEmpty else { return nil }
        // IPv6 first (RFC 8305 §4); libcurl tries the other family 200 ms later.
        addresses = addresses.filter(\.isV6) + addresses.filter { !$0.isV6 }
    }
}

extension IPAddress {
    fileprivate var isV6: Bool {
        if case .v6 = self { true } else { false }
    }
}

// MARK: What c-ares calls, on the network queue, inside a call of ours into it

/// The retain of `askPending` ends here: c-ares calls once for every question, whatever becomes of it.
private func resolverHasAnswer(
    _ context: UnsafeMutableRawPointer?, _ status: Int32, _ timeouts: Int32,
    _ info: UnsafeMutablePointer<ares_addrinfo>?
) {
    defer { ares_freeaddrinfo(info) }
    guard let context else { return }
    let question = Unmanaged<Question>.fromOpaque(context).takeRetainedValue()
    question.resolver?.finish(question, status, info)
}

/// What c-ares wants to know about a socket from now on; nothing, before it closes it. The resolver holds the interests
/// for as long as it has a channel.
private func resolverWantsSocket(
    _ context: UnsafeMutableRawPointer?, _ socket: ares_socket_t, _ readable: Int32, _ writable: Int32
) {
    guard let context else { return }
    let interests = Unmanaged<SocketInterests>.fromOpaque(context).takeUnretainedValue()
    let wanted = (readable != 0 ? CURL_POLL_IN : 0) | (writable != 0 ? CURL_POLL_OUT : 0)
    if wanted == 0 { interests.forget(socket) } else { interests.want(wanted, of: socket) }
}
