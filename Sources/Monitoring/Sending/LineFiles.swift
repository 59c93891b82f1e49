// Where attempts at files are made: each file has a queue of its own, since a disk may take its time and another
// receiver's must not. There, attempts come one after another and never find the file locked by one of themselves.

import Alerting
import Dispatch
import Model
import Synchronization

/// The queues of the files that alerts are appended to, by path: as many as receivers were ever configured.
final class LineFiles: Sendable {
    private let queues = Mutex<[String: DispatchQueue]>([:])
    /// How long another program's lock is waited for.
    private let patience: Duration

    /// - Parameter patience: less than the time that a stop gives what is under way, since no attempt can be called
    ///   off.
    init(patience: Duration = .seconds(5)) {
        self.patience = patience
    }

    /// Those that are in line behind one that waited in vain do not wait once more: their time ran along.
    func append(_ delivery: Delivery, to file: LineFile) async -> Answer {
        let deadline = ContinuousClock.now + patience
        return await withCheckedContinuation { answer in
            queue(file.path).async {
                answer.resume(returning: LineAppender(file: file).append(delivery, waitingUntil: deadline))
            }
        }
    }

    private func queue(_ path: String) -> DispatchQueue {
        queues.withLock { queues in
            let queue = queues[path] ?? DispatchQueue(label: "earshot.file")
            queues[path] = queue
            return queue
        }
    }
}
