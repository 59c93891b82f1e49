// One request on its way: what has come of it so far, and why it was stopped, if it was. It lives on the network queue
// and never leaves it; libcurl's callbacks write into it.

import Glibc
import Model

/// The state of one exchange, from `send` to its outcome.
final class Transfer {
    let id: UInt64
    let request: Request
    let answer: CheckedContinuation<FetchOutcome, Never>

    /// The handle it runs on; none while it waits for its turn.
    var easy: EasyHandle?
    /// Why we ended it ourselves; libcurl knows only that a callback said no.
    private(set) var stopped: FetchFailure?
    /// Why no connection was tried, the last time that was so: a refused address, no descriptor. Another address of
    /// the same host may have been connected to since.
    private(set) var obstacle: FetchFailure?
    private(set) var head: ResponseHead
    private(set) var body: [UInt8] = []
    private(set) var bodyWasCut = false

    init(id: UInt64, request: Request, answer: CheckedContinuation<FetchOutcome, Never>) {
        self.id = id
        self.request = request
        self.answer = answer
        head = ResponseHead(byteLimit: request.limits.headerBytes)
    }

    /// Takes a header line; `false` ends the transfer.
    func take(header line: UnsafeRawBufferPointer) -> Bool {
        if head.take(line) { return true }
        stopped = .headersTooLarge
        return false
    }

    /// Takes a piece of the decoded body; `false` ends the transfer.
    func take(body piece: UnsafeRawBufferPointer) -> Bool {
        let room = request.limits.bodyBytes - body.count
        if piece.count <= room {
            body.append(contentsOf: piece)
            return true
        }
        switch request.limits.overflow {
        case .fails:
            stopped = .bodyTooLarge(limit: request.limits.bodyBytes)
        case .cuts:
            body.append(contentsOf: piece.prefix(max(0, room)))
            bodyWasCut = true
        }
        return false
    }

    /// Judges the address about to be used; `false` means that it may not be connected to.
    func admits(_ refusal: @autoclosure () -> String?) -> Bool {
        guard !request.allowsPrivateAddresses, let reason = refusal() else { return true }
        obstacle = .privateAddress(reason)
        return false
    }

    /// Notes why the system gave no socket; a family of addresses that it does not know is no news.
    func lacksSocket(_ error: Int32) {
        if [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(error) { obstacle = .unexpected("no socket is left") }
    }

    /// What came, once libcurl has said that it is all there is.
    var response: Response {
        Response(
            status: head.status, headers: head.headers, body: body, address: Address.shown(request.url),
            bodyWasCut: bodyWasCut)
    }
}
