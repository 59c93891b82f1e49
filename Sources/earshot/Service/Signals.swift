// The signals that a daemon answers, as a stream.

import Dispatch
import Glibc

enum Signals {
    /// The signals as they arrive, beginning now. Their default action is off for good.
    static func stream(of numbers: Int32...) -> AsyncStream<Int32> {
        AsyncStream { stream in
            let sources = numbers.map { number in
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
                source.setEventHandler { stream.yield(number) }
                source.activate()
                return source
            }
            let kept = Kept(sources)
            stream.onTermination = { _ in kept.cancel() }
        }
    }

    /// `@unchecked`: the list never changes, and dispatch sources may be cancelled from any thread
    /// (dispatch_source_cancel(3)); only their Swift type does not say so on Linux.
    private final class Kept: @unchecked Sendable {
        private let sources: [any DispatchSourceSignal]

        init(_ sources: [any DispatchSourceSignal]) {
            self.sources = sources
        }

        func cancel() {
            for source in sources { source.cancel() }
        }
    }
}
