// One request on its way: what has come of it so far, and why it was stopped, if it was. It lives on the network queue
// and never leaves it; libcurl's callbacks write into it.

import CNet
import Dispatch
import Glibc
import Model

/// A request on its way to the network queue, and who waits for what comes of it.
final class Order: Sendable {
    typealias Outcome = Result<Arrival, FetchFailure>
    typealias Answer = CheckedContinuation<Outcome, Never>

    let ticket: Ticket
    let request: Request
    let target: Target
    let answer: Answer

    init(_ ticket: Ticket, _ request: Request, _ target: Target, _ answer: Answer) {
        self.ticket = ticket
        self.request = request
        self.target = target
        self.answer = answer
    }
}

/// The state of one exchange, from `send` to its outcome.
final class Transfer {
    private let order: Order
    /// What is connected to: the target, or the proxy before it.
    let peer: Target
    /// Whether the peer may have an address that is not of the public internet: allowed, or a proxy.
    let allowsPrivatePeer: Bool
    /// When it began to run, which is when its time began.
    var start: DispatchTime?

    /// The handle it runs on; none while it waits for its turn or for its host's address.
    var easy: EasyHandle?
    /// Why we ended it ourselves; libcurl knows only that a callback said no.
    private(set) var stopped: FetchFailure?
    /// Why no connection was tried, the last time that was so: a refused address, no descriptor. Another address of
    /// the same host may have been connected to since.
    private(set) var obstacle: FetchFailure?
    /// Whether libcurl did not know the host's address, as it should have, for the first and for the last time.
    private(set) var lacksName = false
    private(set) var head: ResponseHead
    private(set) var body: [UInt8] = []
    private(set) var bodyWasCut = false
    /// The address that the request went to.
    var remote: IPAddress?
    private let budget: BodyBudget

    init(_ order: Order, proxy: Target?, _ budget: BodyBudget) {
        self.order = order
        peer = proxy ?? order.target
        allowsPrivatePeer = proxy != nil || order.request.allowsPrivateAddresses
        self.budget = budget
        head = ResponseHead(byteLimit: order.request.limits.headerBytes)
    }

    var ticket: Ticket { order.ticket }
    var request: Request { order.request }
    var target: Target { order.target }
    var answer: Order.Answer { order.answer }

    /// Takes a header line; `false` ends the transfer.
    func take(header line: UnsafeRawBufferPointer) -> Bool {
        if head.take(line) { return true }
        stopped = .headersTooLarge
        return false
    }

    /// Takes a piece of the body; `false` ends the transfer.
    func take(body piece: UnsafeRawBufferPointer) -> Bool {
        let room = request.limits.bodyBytes - body.count
        if piece.count <= room {
            keep(piece)
            return true
        }
        switch request.limits.overflow {
        case .fails:
            stopped = .bodyTooLarge(limit: request.limits.bodyBytes)
        case .cuts:
            keep(UnsafeRawBufferPointer(rebasing: piece.prefix(max(0, room))))
            bodyWasCut = true
        }
        return false
    }

    private func keep(_ piece: UnsafeRawBufferPointer) {
        if body.isEmpty { body.reserveCapacity(expectedBytes) }
        body.append(contentsOf: piece)
        budget.take(piece.count)
    }

    /// What Content-Length says, as far as it may be believed before it has come true.
    private var expectedBytes: Int {
        let stated = easy.map { cnet_get_size($0.pointer, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T) } ?? 0
        return min(max(0, stated), request.limits.bodyBytes, 256 << 10)
    }

    /// Judges the address about to be used; `false` means that it may not be connected to.
    func admits(_ address: @autoclosure () -> IPAddress?) -> Bool {
        guard !allowsPrivatePeer, let reason = AddressPolicy.refusal(address()) else { return true }
        obstacle = .privateAddress(reason)
        return false
    }

    /// Whether libcurl may look the host up by itself, as it does with an address.
    func admitsLookup() -> Bool {
        lacksName = !peer.isAddress
        return peer.isAddress
    }

    /// Makes it ready to run once more, which is done once: nothing has come of it yet.
    func mayTryAgain() -> Bool {
        guard lacksName, head.status == 0, !hasTriedAgain else { return false }
        hasTriedAgain = true
        lacksName = false
        return true
    }

    private var hasTriedAgain = false

    /// Notes why the system gave no socket; a family of addresses that it does not know is no news.
    func lacksSocket(_ error: Int32) {
        if [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(error) { obstacle = .unexpected("no socket is left") }
    }

    /// What came, once libcurl has said that it is all there is.
    var arrival: Arrival {
        Arrival(status: head.status, lines: head.headers, body: body, bodyWasCut: bodyWasCut, peer: remote)
    }

    /// Gives back the room that its body has taken, if nobody else is going to.
    func dropBody() {
        budget.give(body.count)
        body = []
    }
}
