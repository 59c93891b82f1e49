// SMTP on libcurl. A submission blocks, so each has a serial queue of its own, and with it a thread: mails are few, a
// server that hangs holds up no other, and nothing of it touches the network queue. The server is the user's own choice
// and mostly on his own network, so its address is not judged.

import CNet
import Dispatch
import Synchronization

/// Hands mails to their servers.
package struct MailTransport: Sendable {
    package init() {}

    /// Submits one mail; cancelling the task calls it off, unless the server has it already.
    package func submit(_ mail: MailSubmission) async -> MailOutcome {
        let exchange = MailExchange(mail)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { answer in
                DispatchQueue(label: "earshot.mail").async { answer.resume(returning: exchange.run()) }
            }
        } onCancel: {
            exchange.cancel()
        }
    }
}

/// One conversation with a server.
///
/// `@unchecked Sendable`: what varies is touched only on the thread that is inside `run`, by it and by libcurl's
/// callbacks; the rest is immutable or atomic.
private final class MailExchange: @unchecked Sendable {
    private let mail: MailSubmission
    private let isCancelled = Atomic(false)
    private var sent = 0
    private var deadline = DispatchTime.distantFuture
    private var refusal: MailRefusal?

    /// At the end libcurl says QUIT, and would wait two minutes for the answer, whatever its timeout.
    private static let farewell = DispatchTimeInterval.seconds(1)

    init(_ mail: MailSubmission) {
        self.mail = mail
    }

    func cancel() {
        isCancelled.store(true, ordering: .relaxed)
    }

    /// Blocks until it is over.
    func run() -> MailOutcome {
        guard curlIsReady, let easy = curl_easy_init() else { return .failed(reason: "no memory for a transfer") }
        defer { curl_easy_cleanup(easy) }
        let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(to: 0)
        defer { errorText.deallocate() }
        var recipients: UnsafeMutablePointer<curl_slist>?
        for address in mail.to { recipients = curl_slist_append(recipients, "<\(address)>") ?? recipients }
        defer { curl_slist_free_all(recipients) }
        deadline = .now() + .milliseconds(milliseconds) + Self.farewell
        let code = prepare(easy, errorText, recipients) ?? curl_easy_perform(easy)
        return outcome(code, easy, errorText)
    }

    private var milliseconds: Int { max(1, Int(mail.timeout / .milliseconds(1))) }

    /// - Returns: the first option that libcurl refuses.
    private func prepare(
        _ easy: UnsafeMutableRawPointer, _ errorText: UnsafeMutablePointer<CChar>,
        _ recipients: UnsafeMutablePointer<curl_slist>?
    ) -> CURLcode? {
        let context = Unmanaged.passUnretained(self).toOpaque()
        let host = mail.host.contains(":") ? "[\(mail.host)]" : mail.host
        let encryption = mail.security == .none ? CURLUSESSL_NONE : CURLUSESSL_ALL
        var codes = [
            cnet_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText),
            cnet_set_string(easy, CURLOPT_URL, "\(mail.security == .tls ? "smtps" : "smtp")://\(host):\(mail.port)"),
            cnet_set_string(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps"),
            cnet_set_string(easy, CURLOPT_PROXY, ""),
            cnet_set_long(easy, CURLOPT_NOSIGNAL, 1),
            // Or the connection is closed after the transfer, where none of our callbacks can end the waiting.
            cnet_set_long(easy, CURLOPT_FORBID_REUSE, 1),
            cnet_set_string(easy, CURLOPT_CAPATH, nil),
            cnet_set_long(easy, CURLOPT_USE_SSL, Int(encryption.rawValue)),
            cnet_set_long(easy, CURLOPT_TIMEOUT_MS, milliseconds),
            cnet_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds),
            cnet_set_string(easy, CURLOPT_MAIL_FROM, "<\(mail.from)>"),
            cnet_set_list(easy, CURLOPT_MAIL_RCPT, recipients),
            cnet_set_long(easy, CURLOPT_UPLOAD, 1),
            cnet_set_size(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(mail.message.count)),
            cnet_set_pointer(easy, CURLOPT_READDATA, context),
            cnet_set_read(easy, readsMail),
            cnet_set_pointer(easy, CURLOPT_XFERINFODATA, context),
            cnet_set_progress(easy, asksWhetherToGoOn),
            cnet_set_long(easy, CURLOPT_NOPROGRESS, 0),
            cnet_set_write(easy, CURLOPT_WRITEFUNCTION, ignoresWords),
            cnet_set_pointer(easy, CURLOPT_HEADERDATA, context),
            cnet_set_write(easy, CURLOPT_HEADERFUNCTION, hearsReply),
        ]
        if let user = mail.user {
            codes.append(cnet_set_string(easy, CURLOPT_USERNAME, user))
            codes.append(cnet_set_string(easy, CURLOPT_PASSWORD, mail.password ?? ""))
        }
        return codes.first { $0 != CURLE_OK }
    }

    private func outcome(
        _ code: CURLcode, _ easy: UnsafeMutableRawPointer, _ errorText: UnsafeMutablePointer<CChar>
    ) -> MailOutcome {
        if code == CURLE_OK { return .accepted }
        if isCancelled.load(ordering: .relaxed) { return .cancelled }
        let answer = cnet_get_long(easy, CURLINFO_RESPONSE_CODE)
        if let refusal, refusal.code == answer, let words = refusal.words(sparing: mail) {
            return .answered(code: answer, reason: words)
        }
        let text = errorText.pointee == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: errorText)
        let reason = MailRefusal.printable(text.utf8)
        return answer >= 400 ? .answered(code: answer, reason: reason) : .failed(reason: reason)
    }

    // MARK: What libcurl asks

    fileprivate func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, mail.message.count - sent)
        buffer.copyBytes(from: mail.message[sent..<sent + count])
        sent += count
        return count
    }

    fileprivate var goesOn: Bool { !isCancelled.load(ordering: .relaxed) && .now() < deadline }

    fileprivate func hear(_ line: UnsafeRawBufferPointer) {
        refusal = MailRefusal(line) ?? refusal
        if sent == mail.message.count { deadline = min(deadline, .now() + Self.farewell) }
    }
}

private func exchange(_ context: UnsafeMutableRawPointer?) -> MailExchange? {
    context.map { Unmanaged<MailExchange>.fromOpaque($0).takeUnretainedValue() }
}

private func readsMail(
    _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    exchange(context)?.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: size * count)) ?? 0
}

/// libcurl calls it about once a second, and more often while something moves.
private func asksWhetherToGoOn(
    _ context: UnsafeMutableRawPointer?, _: curl_off_t, _: curl_off_t, _: curl_off_t, _: curl_off_t
) -> Int32 {
    exchange(context)?.goesOn == true ? 0 : 1
}

/// Gets the server's replies, line by line.
private func hearsReply(
    _ line: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    exchange(context)?.hear(UnsafeRawBufferPointer(start: line, count: size * count))
    return size * count
}

/// Otherwise they would go to standard output.
private func ignoresWords(
    _: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _: UnsafeMutableRawPointer?
) -> Int {
    size * count
}
