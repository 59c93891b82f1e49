// HTTP on libcurl. One actor on the network queue owns every transfer, from the request to its outcome. Nothing here
// blocks, follows a redirect, or decides when and what to fetch.

import CNet
import Dispatch
import Model
package import Runtime

/// A transport on libcurl's multi interface.
package actor CurlTransport: Transport {
    private let executor: QueueExecutor
    private let settings: CurlSettings

    /// Every transfer that has no outcome yet, waiting or running; it keeps alive what libcurl points at.
    private var transfers: [UInt64: Transfer] = [:]
    /// Those that wait for their turn, in order; an id that is no longer in `transfers` was cancelled.
    private var waiting: ArraySlice<UInt64> = []
    private var running = 0
    private var lastID: UInt64 = 0
    /// Handles at rest.
    private var handles: [EasyHandle] = []
    private var loop: CurlLoop?
    private var willPump = false
    private var isShutDown = false

    /// - Parameter executor: the network queue; nothing that blocks may run on it.
    package init(executor: QueueExecutor, settings: CurlSettings = CurlSettings()) {
        self.executor = executor
        self.settings = settings
    }

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Carries out one exchange; cancelling the task ends it at once.
    package func send(_ request: Request) async -> FetchOutcome {
        lastID += 1
        let id = lastID
        return await withTaskCancellationHandler {
            await withCheckedContinuation { answer in
                accept(Transfer(id: id, request: request, answer: answer))
            }
        } onCancel: {
            executor.queue.async { self.assumeIsolated { $0.cancel(id) } }
        }
    }

    /// Ends every transfer with `.cancelled`, closes every connection, and refuses whatever comes after.
    package func shutdown() {
        isShutDown = true
        for id in transfers.keys.sorted() { cancel(id) }
        waiting = []
        handles = []
        loop = nil
    }

    private func accept(_ transfer: Transfer) {
        guard !isShutDown else { return transfer.answer.resume(returning: .failed(.cancelled)) }
        transfers[transfer.id] = transfer
        waiting.append(transfer.id)
        startNext()
    }

    /// Starts what may start, and sees to it that libcurl gets to work: once for all requests of this turn.
    private func startNext() {
        while running < settings.transfersAtOnce, let id = waiting.popFirst() {
            if let transfer = transfers[id] { start(transfer) }
        }
        guard running > 0, !willPump else { return }
        willPump = true
        executor.queue.async { self.assumeIsolated { $0.pump() } }
    }

    private func start(_ transfer: Transfer) {
        do throws(FetchFailure) {
            let loop = try startedLoop()
            guard let easy = handles.popLast() ?? EasyHandle() else { throw .unexpected("no memory for a transfer") }
            try easy.prepare(for: transfer, settings)
            guard loop.add(easy) else { throw .unexpected("libcurl does not take the transfer") }
            transfer.easy = easy
            running += 1
        } catch {
            finish(transfer, .failed(error))
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

    private func pump() {
        willPump = false
        guard let loop else { return }
        loop.pump()
        while let (transfer, code) = loop.reap() {
            let outcome = transfer.easy?.outcome(of: transfer, code) ?? .failed(.cancelled)
            finish(transfer, outcome)
        }
        startNext()
        loop.settle()
    }

    private func cancel(_ id: UInt64) {
        guard let transfer = transfers[id] else { return }
        finish(transfer, .failed(.cancelled))
        startNext()
        loop?.settle()
    }

    private func finish(_ transfer: Transfer, _ outcome: FetchOutcome) {
        if let easy = transfer.easy {
            loop?.remove(easy)
            easy.rest()
            handles.append(easy)
            transfer.easy = nil
            running -= 1
        }
        transfers[transfer.id] = nil
        transfer.answer.resume(returning: outcome)
    }
}
