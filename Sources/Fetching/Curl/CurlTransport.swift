// HTTP on libcurl. One actor on the network queue owns every transfer, from the request to its outcome. Nothing here
// blocks for longer than a moment, follows a redirect, decodes a body, or decides when and what to fetch.

import CNet
import DequeModule
import Dispatch
import Model
package import Runtime

/// A transport on libcurl's multi interface.
package actor CurlTransport: Transport {
    private let executor: QueueExecutor
    private let settings: CurlSettings
    private let budget: BodyBudget
    private let proxy: Target?

    /// Requests that the queue has not taken up yet.
    private nonisolated let inbox = Inbox<Order>()
    /// Every transfer that has no outcome yet, waiting or running; it keeps alive what libcurl points at.
    private var transfers: [ObjectIdentifier: Transfer] = [:]
    /// Those that wait for their turn, in order; one that is no longer in `transfers` was cancelled.
    private var waiting: Deque<Transfer> = []
    private var running = 0
    /// What came of those that are over; told at the end of a turn, all together.
    private var outcomes: [(answer: Order.Answer, outcome: Order.Outcome)] = []
    /// Handles at rest, at most as many as connections: more are needed only in a burst.
    private var handles: [EasyHandle] = []
    private var loop: CurlLoop?
    private var names: Resolver?
    private var prepared = PreparedNames()
    private var burst = Burst()
    private var linger = Linger()
    /// Whether somebody was told of an outcome since the last pump began.
    private var hasTold = false
    private var isShutDown = false

    /// - Parameter executor: the network queue; nothing that blocks may run on it.
    package init(executor: QueueExecutor, settings: CurlSettings = CurlSettings()) {
        self.executor = executor
        self.settings = settings
        budget = BodyBudget(limit: settings.bodyBytes)
        proxy = settings.proxy.flatMap { try? Target($0) }
    }

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Carries out one exchange; cancelling the task ends it at once.
    ///
    /// The way in is an inbox, the way out the resuming of the task: no hop of a task onto the actor, which would cost
    /// as much as all of libcurl's work on a 304.
    package nonisolated(nonsending) func send(_ request: Request) async -> FetchOutcome {
        let target: Target
        do throws(FetchFailure) {
            try request.check()
            target = try Target(request.url)
        } catch {
            return .failed(error)
        }
        switch await arrival(of: request, target) {
        case .failure(let failure): return .failed(failure)
        case .success(let arrival) where !arrival.isEncoded:
            budget.give(arrival.body.count)
            return .response(arrival.response(address: Address.shown(request.url)))
        case .success(let arrival): return await onPool { decode(arrival, of: request) }
        }
    }

    /// The operation stays on the caller's queue because it names `isolation`: else it would cross to the pool and
    /// back.
    private func arrival(
        of request: Request, _ target: Target, isolation: isolated (any Actor)? = #isolation
    ) async -> Order.Outcome {
        let ticket = Ticket()
        return await withTaskCancellationHandler {
            await withCheckedContinuation(isolation: isolation) { answer in
                if inbox.put(Order(ticket, request, target, answer)) { callPump() }
            }
        } onCancel: {
            ticket.cancel()
            executor.queue.async { self.assumeIsolated { $0.cancel(ticket) } }
        }
    }

    /// Takes time that the network queue does not have.
    private nonisolated func decode(_ arrival: Arrival, of request: Request) -> FetchOutcome {
        defer { budget.give(arrival.body.count) }
        switch arrival.decoded(request.limits) {
        case .success(let decoded): return .response(decoded.response(address: Address.shown(request.url)))
        case .failure(let failure): return .failed(failure)
        }
    }

    /// Ends every transfer with `.cancelled`, closes every connection, and refuses whatever comes after.
    package func shutdown() {
        isShutDown = true
        for transfer in transfers.values { finish(transfer, .failure(.cancelled)) }
        tell()
        waiting = []
        handles = []
        loop = nil
        names = nil
    }

    /// Requests that have no outcome yet.
    var underWay: Int { transfers.count }

    /// How often libcurl was let to work.
    private(set) var turns = 0

    /// Bytes of bodies that are on their way or wait to be decoded.
    var bytesHeld: Int { budget.taken }

    // MARK: Starting

    private func accept(_ order: Order) {
        guard !isShutDown, !order.ticket.isCancelled else {
            return outcomes.append((order.answer, .failure(.cancelled)))
        }
        let transfer = Transfer(order, proxy: proxy, budget)
        transfers[ObjectIdentifier(order.ticket)] = transfer
        waiting.append(transfer)
    }

    /// Starts what may start.
    ///
    /// - Returns: whether there was any, for libcurl to work on. Transfers that run already need no more than their
    ///   sockets and the time.
    private func startNext() -> Bool {
        var hasBegun = false
        while running < settings.transfersAtOnce, let transfer = waiting.popFirst() {
            guard isUnderWay(transfer) else { continue }
            begin(transfer)
            hasBegun = true
        }
        return hasBegun
    }

    private func isUnderWay(_ transfer: Transfer) -> Bool {
        transfers[ObjectIdentifier(transfer.ticket)] === transfer
    }

    /// Gives the transfer its place, and asks for its host's address if that is not known.
    private func begin(_ transfer: Transfer) {
        running += 1
        let now = DispatchTime.now()
        transfer.start = now
        let peer = transfer.peer
        if peer.isAddress || prepared.holds(peer.endpoint, publicOnly: !transfer.allowsPrivatePeer, at: now) {
            return start(transfer, names: [], at: now)
        }
        do throws(FetchFailure) {
            try ask(transfer, at: now)
        } catch {
            finish(transfer, .failure(error))
        }
    }

    private func ask(_ transfer: Transfer, at now: DispatchTime) throws(FetchFailure) {
        let resolver = try startedResolver(at: now)
        let deadline = now + transfer.request.limits.connect.dispatchInterval
        if let outcome = resolver.outcome(for: transfer.peer.name, transfer, by: deadline, at: now) {
            start(transfer, outcome, at: now)
        } else if let environment = resolver.environmentToRefresh(at: now) {
            refresh(environment)
        }
    }

    /// Reads the files that say whom to ask, elsewhere.
    private func refresh(_ environment: NameEnvironment) {
        let settings = settings.names
        DispatchQueue.global(qos: .utility).async { [executor] in
            let new = NameEnvironment(settings, before: environment)
            executor.queue.async { self.assumeIsolated { $0.take(new) } }
        }
    }

    private func take(_ environment: NameEnvironment) {
        names?.take(environment)
        pump()
    }

    /// Goes on with a transfer whose host's name was looked up.
    private func start(_ transfer: Transfer, _ outcome: Resolver.Outcome, at now: DispatchTime) {
        do throws(FetchFailure) {
            let answer = try outcome.get()
            let addresses = try answer.addresses(allowingPrivate: transfer.allowsPrivatePeer).get()
            start(transfer, names: prepared.lines(for: transfer.peer.endpoint, answer, addresses), at: now)
        } catch {
            finish(transfer, .failure(error))
        }
    }

    private func start(_ transfer: Transfer, names: [String], at now: DispatchTime) {
        do throws(FetchFailure) {
            let loop = try startedLoop()
            guard let easy = handles.popLast() ?? EasyHandle(settings, loop.interests) else {
                throw .unexpected("no memory for a transfer")
            }
            let waited = transfer.start.map { Duration.nanoseconds(now.uptimeNanoseconds - $0.uptimeNanoseconds) }
            transfer.easy = easy
            try easy.prepare(for: transfer, names: names, waited: waited ?? .zero)
            guard loop.add(easy) else { throw .unexpected("libcurl does not take the transfer") }
        } catch {
            prepared.forget(transfer.peer.endpoint)
            finish(transfer, .failure(error))
        }
    }

    private func startedLoop() throws(FetchFailure) -> CurlLoop {
        if let loop { return loop }
        let new = try CurlLoop(queue: executor.queue, idleConnections: settings.idleConnections) { [weak self] in
            self?.assumeIsolated { $0.pump() }
        }
        loop = new
        return new
    }

    private func startedResolver(at now: DispatchTime) throws(FetchFailure) -> Resolver {
        if let names { return names }
        let loop = try startedLoop()
        let new = try Resolver(settings.names, at: now)
        loop.watch(new.descriptor)
        names = new
        return new
    }

    // MARK: Under way

    /// So many turns are taken in a row while there is something to do; then others on the queue have theirs.
    private static let mostTurns = 8

    /// Does what there is to do, until somebody is told of an outcome: who goes on behind this pump may come with the
    /// next request, and servers need not wait for that until all have answered. What comes in meanwhile is taken up at
    /// once, which spares the queue from being woken up for it: under load that is what costs.
    private func pump() {
        hasTold = false
        var taken = 0
        var hasLingered = false
        while !hasTold, taken < Self.mostTurns {
            taken += 1
            if takeTurn() { continue }
            guard !hasLingered, nextComesSoon() else { break }
            hasLingered = true
        }
        if hasTold || taken == Self.mostTurns {
            loop?.suspend()
            return pumpSoon()
        }
        let now = DispatchTime.now()
        if burst.isOver(running: running, at: now) { returnMemory() }
        loop?.settle(names?.deadline(at: now), burst.deadline)
    }

    /// Waits for a moment for whoever answers next.
    private func nextComesSoon() -> Bool {
        guard running > 0, let loop, linger.isWorthIt() else { return false }
        let hasCome = loop.wait(nanoseconds: Linger.time)
        linger.note(hasCome: hasCome)
        return hasCome
    }

    private func pumpSoon() {
        if inbox.announceLook() { callPump() }
    }

    private nonisolated func callPump() {
        executor.queue.async {
            self.inbox.beginLook()
            self.assumeIsolated { $0.pump() }
        }
    }

    /// - Returns: whether anything has happened that may bring about more.
    private func takeTurn() -> Bool {
        turns += 1
        for order in inbox.takeAll() { accept(order) }
        var isBusy = startNext()
        if let loop {
            isBusy = loop.pump() || isBusy
            while let (transfer, code) = loop.reap() { end(transfer, code) }
        }
        if let names {
            let now = DispatchTime.now()
            names.pump(at: now)
            while let (transfer, outcome) = names.reap() {
                if isUnderWay(transfer) { start(transfer, outcome, at: now) }
                isBusy = true
            }
        }
        if budget.isOverdrawn { giveUpLargest() }
        tell()
        return isBusy || hasTold
    }

    /// Has those go on whose requests are over.
    private func tell() {
        if !outcomes.isEmpty { hasTold = true }
        for (answer, outcome) in outcomes { answer.resume(returning: outcome) }
        outcomes.removeAll(keepingCapacity: true)
    }

    private func end(_ transfer: Transfer, _ code: CURLcode) {
        if code == CURLE_COULDNT_RESOLVE_HOST, transfer.mayTryAgain() {
            prepared.forget(transfer.peer.endpoint)
            takeOff(transfer)
            begin(transfer)
        } else {
            let outcome = transfer.easy?.outcome(of: transfer, code) ?? .failure(.cancelled)
            finish(transfer, outcome)
        }
    }

    /// Ends the transfers with the largest bodies until the others fit.
    private func giveUpLargest() {
        while budget.isOverdrawn,
            let largest = transfers.values.max(by: { $0.body.count < $1.body.count }), !largest.body.isEmpty
        {
            finish(largest, .failure(.outOfRoom))
        }
    }

    private func cancel(_ ticket: Ticket) {
        guard let transfer = transfers[ObjectIdentifier(ticket)] else { return }
        finish(transfer, .failure(.cancelled))
        tell()
        // Another may have its place.
        pumpSoon()
    }

    private func finish(_ transfer: Transfer, _ outcome: Order.Outcome) {
        transfers[ObjectIdentifier(transfer.ticket)] = nil
        if transfer.start != nil { takeOff(transfer) }
        if case .failure = outcome { transfer.dropBody() }
        outcomes.append((transfer.answer, outcome))
    }

    /// Takes the transfer's place and its handle from it.
    private func takeOff(_ transfer: Transfer) {
        transfer.start = nil
        running -= 1
        burst.count(running: running)
        guard let easy = transfer.easy else { return }
        transfer.easy = nil
        loop?.remove(easy)
        easy.rest()
        if handles.count < settings.idleConnections { handles.append(easy) }
    }

    private func returnMemory() {
        DispatchQueue.global(qos: .utility).async { malloc_trim(0) }
    }
}

extension Duration {
    /// At most twelve days.
    fileprivate var dispatchInterval: DispatchTimeInterval {
        .milliseconds(Int(min(max(self, .zero), .milliseconds(1 << 30)) / .milliseconds(1)))
    }
}
