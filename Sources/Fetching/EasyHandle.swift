// One of libcurl's easy handles, used for one transfer after another: making a new one each time costs 11–18 % more
// CPU. It lives on the network queue. Every option is set anew for every transfer, so that nothing of one request can
// reach the next.

import CNet
import FoundationEssentials
import Glibc
import Model

/// An easy handle and the memory that libcurl borrows from us while it works.
final class EasyHandle {
    let pointer: UnsafeMutableRawPointer

    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private var headers: UnsafeMutablePointer<curl_slist>?
    /// The first option that libcurl refused; the transfer is not started then.
    private var problem = CURLE_OK

    init?() {
        guard let pointer = curl_easy_init() else { return nil }
        self.pointer = pointer
        errorText.initialize(to: 0)
    }

    deinit {
        curl_easy_cleanup(pointer)
        curl_slist_free_all(headers)
        errorText.deallocate()
    }

    /// Sets everything for `transfer`, which must outlive its stay in the multi handle.
    ///
    /// - Throws: `.badAddress` and `.badRequest` for what cannot be sent, `.unexpected` if libcurl refuses an option.
    func prepare(for transfer: Transfer, _ settings: CurlSettings) throws(FetchFailure) {
        setCallbacks(transfer, hasProxy: settings.proxy != nil)
        setRules(settings)
        setLimits(transfer.request.limits)
        try setRequest(transfer.request)
        guard problem == CURLE_OK else { throw .unexpected(String(cString: curl_easy_strerror(problem))) }
    }

    /// Forgets the transfer: its secrets, and the pointers to it. Connections and TLS sessions are kept.
    func rest() {
        curl_easy_reset(pointer)
        curl_slist_free_all(headers)
        headers = nil
        problem = CURLE_OK
        errorText.pointee = 0
    }

    /// What libcurl says about the last error, as far as it can be shown: printable ASCII, one short line.
    var reason: String {
        let text = errorText.pointee == 0 ? "no reason given" : String(cString: errorText)
        return String(text.unicodeScalars.filter { (0x20..<0x7F).contains($0.value) }.prefix(200).map(Character.init))
    }

    private func setCallbacks(_ transfer: Transfer, hasProxy: Bool) {
        let context = Unmanaged.passUnretained(transfer).toOpaque()
        set(CURLOPT_PRIVATE, context)
        set(CURLOPT_WRITEDATA, context)
        set(CURLOPT_HEADERDATA, context)
        set(CURLOPT_ERRORBUFFER, UnsafeMutableRawPointer(errorText))
        note(cnet_set_write(pointer, CURLOPT_WRITEFUNCTION, curlWroteBody))
        note(cnet_set_write(pointer, CURLOPT_HEADERFUNCTION, curlWroteHeader))
        guard !hasProxy else { return }
        set(CURLOPT_OPENSOCKETDATA, context)
        set(CURLOPT_PREREQDATA, context)
        note(cnet_set_opensocket(pointer, curlOpensSocket))
        note(cnet_set_prereq(pointer, curlIsAboutToAsk))
    }

    /// What holds for every transfer. Cookies, HSTS and Alt-Svc are off as long as nobody turns them on.
    private func setRules(_ settings: CurlSettings) {
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
        set(CURLOPT_FOLLOWLOCATION, 0)
        // Empty, not unset: otherwise libcurl looks for proxies in the environment.
        set(CURLOPT_PROXY, settings.proxy ?? "")
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        set(CURLOPT_NOSIGNAL, 1)
        // A dead name server would hold the queue for 8 s when a transfer is removed.
        set(CURLOPT_QUICK_EXIT, 1)
        // With Debian's default directory every new TLS connection reads it all: 30 ms of CPU instead of 0.9.
        note(cnet_set_string(pointer, CURLOPT_CAPATH, nil))
        if let authorities = settings.authorities { set(CURLOPT_CAINFO, authorities) }
        // Empty: every encoding that libcurl can decode.
        set(CURLOPT_ACCEPT_ENCODING, "")
    }

    private func setLimits(_ limits: FetchLimits) {
        set(CURLOPT_CONNECTTIMEOUT_MS, max(1, limits.connect.milliseconds))
        set(CURLOPT_TIMEOUT_MS, max(1, limits.total.milliseconds))
        set(CURLOPT_LOW_SPEED_LIMIT, FetchLimits.slowestRate)
        // Whole seconds; zero would turn it off.
        set(CURLOPT_LOW_SPEED_TIME, max(1, limits.stall.milliseconds / 1_000))
    }

    private func setRequest(_ request: Request) throws(FetchFailure) {
        // As it was parsed, not as it was written, so that libcurl cannot see another host in it than we did.
        guard let url = Address.parse(request.url) else { throw .badAddress }
        guard request.method.utf8.allSatisfy(isUpperCase) else { throw .badRequest("no such method") }
        set(CURLOPT_URL, url.absoluteString)
        switch request.method {
        case "GET" where request.body.isEmpty: set(CURLOPT_HTTPGET, 1)
        case "HEAD": set(CURLOPT_NOBODY, 1)
        default: setBody(request)
        }
        try setHeaders(request)
    }

    private func setBody(_ request: Request) {
        set(CURLOPT_POST, 1)
        note(cnet_set_size(pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count)))
        request.body.withUnsafeBytes { bytes in
            // Without a pointer libcurl would read standard input.
            let start = bytes.baseAddress ?? UnsafeRawPointer(errorText)
            set(CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: start))
        }
        set(CURLOPT_CUSTOMREQUEST, request.method)
    }

    private func setHeaders(_ request: Request) throws(FetchFailure) {
        for header in request.headers {
            guard header.canBeSent else { throw .badRequest("the header \(header.printableName) holds a line break") }
            // libcurl takes `Name:` for "leave this header out" and `Name;` for "send it empty".
            append(header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
        }
        if !request.headers.contains(where: { $0.isNamed("Content-Type") }) { append("Content-Type:") }
        append("Expect:")
        note(cnet_set_list(pointer, CURLOPT_HTTPHEADER, headers))
    }

    private func append(_ line: String) {
        guard let longer = curl_slist_append(headers, line) else {
            problem = CURLE_OUT_OF_MEMORY
            return
        }
        headers = longer
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

extension Header {
    /// Whether nothing in it could end the line and start another (RFC 9110 §5.5).
    fileprivate var canBeSent: Bool {
        !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
            && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }

    fileprivate var printableName: String {
        String(name.unicodeScalars.filter { $0.isASCII && $0.value > 0x20 }.prefix(40).map(Character.init))
    }
}

extension Duration {
    /// From 0 to 2³⁰, twelve days: libcurl keeps these times in 32 bits.
    fileprivate var milliseconds: Int {
        let bounded = min(max(self, .zero), .milliseconds(1 << 30))
        return Int(bounded / .milliseconds(1))
    }
}

private func isUpperCase(_ byte: UInt8) -> Bool {
    (0x41...0x5A).contains(byte)
}
