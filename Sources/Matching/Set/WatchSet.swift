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
        var matcher = compiled.idle.withLock { $0.popLast() } ?? Matcher()
        defer { compiled.giveBack(&matcher) }
        return matcher.matches(in: document, of: compiled)
    }
}

final class CompiledSet: Sendable {
    /// Scratch space that is kept between calls: as many as there are parse queues, roughly.
    private static let idleLimit = 16

    let program: Program
    let triggers: Triggers
    let idle = Mutex<[Matcher]>([])

    init(_ queries: [Query]) {
        var compiler = SetCompiler(queries)
        triggers = Triggers(&compiler)
        program = compiler.program
    }

    func giveBack(_ matcher: inout Matcher) {
        guard !matcher.isOversized else { return }
        var returned = Matcher()
        swap(&returned, &matcher)
        idle.withLock { idle in
            if idle.count < Self.idleLimit { idle.append(returned) }
        }
    }
}
