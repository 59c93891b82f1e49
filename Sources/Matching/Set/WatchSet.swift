// The compiled set of all watches' queries: immutable, shared by every thread, swapped whole when the configuration is
// loaded again.

import Synchronization

/// Compiled queries. Copies share one storage.
package struct WatchSet: Sendable {
    let compiled: CompiledSet

    /// Compiles the queries; a query's index in hits is its place in this array.
    package init(_ queries: [Query]) {
        compiled = CompiledSet(queries)
    }

    package var count: Int { compiled.program.roots.count }

    /// The queries that match, in their order. Any thread may call it; scratch space is kept from call to call.
    package func matches(in document: Document) -> [Hit] {
        let scratch = compiled.idle.withLock { $0.popLast() } ?? Scratch()
        defer { compiled.giveBack(scratch) }
        return scratch.matcher.matches(in: document, of: compiled)
    }
}

final class CompiledSet: Sendable {
    /// Scratch space that is kept between calls: as many as there are parse queues, roughly.
    private static let idleLimit = 16

    let program: Program
    let triggers: Triggers
    let idle = Mutex<[Scratch]>([])

    init(_ queries: [Query]) {
        var compiler = SetCompiler(queries)
        triggers = Triggers(&compiler)
        program = compiler.seal()
    }

    func giveBack(_ scratch: Scratch) {
        guard !scratch.matcher.isOversized else { return }
        idle.withLock { idle in
            if idle.count < Self.idleLimit { idle.append(scratch) }
        }
    }
}

/// A matcher that can be handed on without copying it.
///
/// Unchecked: it is either in the list of idle ones, behind that list's lock, or taken out of it and known to the one
/// call that took it.
final class Scratch: @unchecked Sendable {
    var matcher = Matcher()
}
