// One of libcurl's easy handles, used for one transfer after another: making a new one each time costs 11–18 % more
// CPU. It lives on the network queue.
//
// What holds for every transfer is set once. A plain GET leaves nothing behind that the next does not replace, and what
// a POST leaves is taken back; after any other request, as one with credentials, everything is reset and set anew.

import CNet
import FoundationEssentials
import Glibc
import Model

/// An easy handle and the memory that libcurl borrows from us while it works.
final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    /// What it works on.
    private(set) var transfer: Transfer? {
        didSet { lentTransfer = transfer.map { .passUnretained($0) } }
    }
    /// The same for libcurl's callbacks, which need not retain it: it is held here for as long as they may be called.
    private(set) var lentTransfer: Unmanaged<Transfer>?

    private let settings: CurlSettings
    private let interests: SocketInterests
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private let headers = HeaderList()
    private var names: UnsafeMutablePointer<curl_slist>?
    private var hasRules = false
    /// What is set now.
    private var pace: Pace?
    private var knowsByAddress: Bool?
    /// The first option that libcurl refused; the transfer is not started then.
    private var problem = CURLE_OK

    /// - Parameter interests: those of the loop that it will run in.
    init?(_ settings: CurlSettings, _ interests: SocketInterests) {
        guard let pointer = curl_easy_init() else { return nil }
        self.pointer = pointer
        self.interests = interests
        self.settings = settings
        errorText.initialize(to: 0)
    }

    deinit {
        curl_easy_cleanup(pointer)
        curl_slist_free_all(names)
        errorText.deallocate()
    }

    /// Sets everything for `transfer`. The handle must outlive its stay in the multi handle.
    ///
    /// - Parameters:
    ///   - lines: what libcurl has to learn about names first, as CURLOPT_RESOLVE has it.
    ///   - waited: the time that was spent on the host's name.
    /// - Throws: `.unexpected` if libcurl refuses an option.
    func prepare(for transfer: Transfer, names lines: [String], waited: Duration) throws(FetchFailure) {
        self.transfer = transfer
        if !hasRules {
            setCallbacks()
            setRules()
            hasRules = true
        }
        setNames(transfer.peer, lines)
        setPace(Pace(transfer.request.limits, waited: waited))
        setRequest(transfer.request, transfer.target)
        guard problem == CURLE_OK else { throw .unexpected(String(cString: curl_easy_strerror(problem))) }
    }

    /// Lets go of the transfer. Connections are kept.
    func rest() {
        if let transfer, transfer.leavesNothing, problem == CURLE_OK {
            if transfer.request.sendsBody { dropBody() }
            if names != nil { note(cnet_set_list(pointer, CURLOPT_RESOLVE, nil)) }
        } else {
            curl_easy_reset(pointer)
            hasRules = false
            pace = nil
            knowsByAddress = nil
            problem = CURLE_OK
        }
        transfer = nil
        headers.removeAll()
        curl_slist_free_all(names)
        names = nil
        errorText.pointee = 0
    }

    /// A new socket is no longer the one that had its number.
    func hasOpened(_ socket: Int32) { interests.forget(socket) }

    /// What libcurl says about the last error, as far as it can be shown: printable ASCII, one short line.
    var reason: String {
        let text = errorText.pointee == 0 ? "no reason given" : String(cString: errorText)
        return String(text.unicodeScalars.filter { (0x20..<0x7F).contains($0.value) }.prefix(200).map(Character.init))
    }

    private func setCallbacks() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        set(CURLOPT_PRIVATE, context)
        set(CURLOPT_WRITEDATA, context)
        set(CURLOPT_HEADERDATA, context)
        set(CURLOPT_ERRORBUFFER, UnsafeMutableRawPointer(errorText))
        note(cnet_set_write(pointer, CURLOPT_WRITEFUNCTION, curlWroteBody))
        note(cnet_set_write(pointer, CURLOPT_HEADERFUNCTION, curlWroteHeader))
        set(CURLOPT_RESOLVER_START_DATA, context)
        note(cnet_set_resolver_start(pointer, curlLooksUp))
        set(CURLOPT_OPENSOCKETDATA, context)
        note(cnet_set_opensocket(pointer, curlOpensSocket))
        guard settings.proxy == nil else { return }
        set(CURLOPT_PREREQDATA, context)
        note(cnet_set_prereq(pointer, curlIsAboutToAsk))
    }

    /// What holds for every transfer. Cookies, HSTS and Alt-Svc are off as long as nobody turns them on.
    private func setRules() {
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
        set(CURLOPT_FOLLOWLOCATION, 0)
        // Empty, not unset: otherwise libcurl looks for proxies in the environment.
        set(CURLOPT_PROXY, settings.proxy ?? "")
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        set(CURLOPT_NOSIGNAL, 1)
        // With Debian's default directory every new TLS connection reads it all: 30 ms of CPU instead of 0.9.
        note(cnet_set_string(pointer, CURLOPT_CAPATH, nil))
        if let authorities = settings.authorities { set(CURLOPT_CAINFO, authorities) }
        // HTTP/2 costs a third more CPU on a connection that is open and 1–4 % more on a new one (measured with
        // libcurl 7.88.1 and nginx), and would pay only for many requests to one host at once, which nobody likes.
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        // The body is decoded elsewhere, whole.
        set(CURLOPT_HTTP_CONTENT_DECODING, 0)
        // Sessions are not resumed: hosts are asked hours apart, and each handle would keep five of them.
        set(CURLOPT_SSL_SESSIONID_CACHE, 0)
    }

    /// Tells libcurl what it needs to know of the host's address, and that nothing it knows grows old: we take it out.
    private func setNames(_ peer: Target, _ lines: [String]) {
        if knowsByAddress != peer.isAddress {
            // An address is its own name, and forgotten by itself.
            set(CURLOPT_DNS_CACHE_TIMEOUT, peer.isAddress ? 60 : -1)
            knowsByAddress = peer.isAddress
        }
        guard !lines.isEmpty else { return }
        for line in lines {
            guard let longer = curl_slist_append(names, line) else { return problem = CURLE_OUT_OF_MEMORY }
            names = longer
        }
        note(cnet_set_list(pointer, CURLOPT_RESOLVE, names))
    }

    private func setPace(_ new: Pace) {
        guard new != pace else { return }
        pace = new
        note(cnet_set_string(pointer, CURLOPT_ACCEPT_ENCODING, new.isWhole ? ContentEncoding.accepted : nil))
        set(CURLOPT_CONNECTTIMEOUT_MS, new.connect)
        set(CURLOPT_TIMEOUT_MS, new.total)
        // libcurl looks at the speed at every turn, which is of use only if that may end it sooner.
        set(CURLOPT_LOW_SPEED_LIMIT, new.stall * 1_000 < new.total ? FetchLimits.slowestRate : 0)
        set(CURLOPT_LOW_SPEED_TIME, new.stall)
    }

    private func setRequest(_ request: Request, _ target: Target) {
        set(CURLOPT_URL, target.url)
        switch request.method {
        case _ where request.sendsBody: setBody(request)
        case "HEAD": set(CURLOPT_NOBODY, 1)
        default: set(CURLOPT_HTTPGET, 1)
        }
        setHeaders(request)
    }

    private func setBody(_ request: Request) {
        set(CURLOPT_POST, 1)
        note(cnet_set_size(pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count)))
        request.body.withUnsafeBytes { bytes in
            // Without a pointer libcurl would read standard input.
            let start = bytes.baseAddress ?? UnsafeRawPointer(errorText)
            set(CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: start))
        }
        if request.method != "POST" { set(CURLOPT_CUSTOMREQUEST, request.method) }
    }

    private func dropBody() {
        note(cnet_set_size(pointer, CURLOPT_POSTFIELDSIZE_LARGE, -1))
        note(cnet_set_pointer(pointer, CURLOPT_COPYPOSTFIELDS, nil))
        set(CURLOPT_HTTPGET, 1)
    }

    private func setHeaders(_ request: Request) {
        for header in request.headers { headers.append(header) }
        if request.sendsBody {
            if !request.headers.contains(where: { $0.isNamed("Content-Type") }) { headers.leaveOut("Content-Type") }
            headers.leaveOut("Expect")
        }
        note(cnet_set_list(pointer, CURLOPT_HTTPHEADER, headers.pointer))
    }

    private func set(_ option: CURLoption, _ value: Int) { note(cnet_set_long(pointer, option, value)) }
    private func set(_ option: CURLoption, _ value: String) { note(cnet_set_string(pointer, option, value)) }
    private func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer) {
        note(cnet_set_pointer(pointer, option, value))
    }

    private func note(_ code: CURLcode) {
        if problem == CURLE_OK { problem = code }
    }
}

/// How long a transfer may take, as libcurl counts it.
private struct Pace: Equatable {
    /// Milliseconds.
    let connect: Int
    let total: Int
    /// Whole seconds; zero would turn it off.
    let stall: Int
    /// Whether the body is wanted whole, and so may come encoded.
    let isWhole: Bool

    init(_ limits: FetchLimits, waited: Duration) {
        connect = max(1, (limits.connect - waited).milliseconds)
        total = max(1, (limits.total - waited).milliseconds)
        stall = max(1, limits.stall.milliseconds / 1_000)
        isWhole = limits.overflow == .fails
    }
}

extension Transfer {
    /// Whether everything it sets is set again by whatever comes next, or can be taken back.
    fileprivate var leavesNothing: Bool {
        (request.method == "GET" ? request.body.isEmpty : request.method == "POST") && target.isPlain
    }
}

extension Request {
    /// Whether libcurl takes it for one with a body, be it empty.
    fileprivate var sendsBody: Bool {
        method == "GET" ? !body.isEmpty : method != "HEAD"
    }
}

extension Duration {
    /// From 0 to 2³⁰, twelve days: libcurl keeps these times in 32 bits.
    fileprivate var milliseconds: Int {
        let (seconds, attoseconds) = components
        guard (0..<1 << 20).contains(seconds) else { return seconds < 0 ? 0 : 1 << 30 }
        return Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
    }
}
