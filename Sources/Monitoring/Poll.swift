// All that one poll brought and is worth remembering: a value, which `Monitor` hands on.

import Feeds
import Fetching
package import FoundationEssentials
package import Model

/// What one poll brought.
package struct Poll: Sendable {
    package var outcome: PollOutcome
    /// The source's, with what this poll taught; when it is asked again is not decided in it yet.
    package var state: SourceState
    /// Whether a document was read, and `state.reading` is new.
    package var hasRead = false
    /// Whether documents are read by other settings than those by which the last one was.
    var isReadAnew = false
    package var advice = Advice()
    package var landing = Landing()
    package var mentions: [Mention] = []
    /// Ids of mentions that are older than the source's first poll: remembered, so that an edit does not make them
    /// news, and never alerted.
    package var before: [String] = []
    /// What the reader had to repair or drop in a document that was read.
    package var findings = Findings()

    package init(_ state: SourceState, at now: Date) {
        self.state = state
        self.state.polled = now
        self.state.status = nil
        outcome = .unchanged
    }

    /// What the store is to write: without what was read before, which it has.
    var visit: SourceState {
        var visit = state
        if !hasRead { visit.reading = nil }
        return visit
    }

    /// Whether its source answered, and can be asked for more.
    var isGood: Bool {
        switch outcome {
        case .unchanged, .read: true
        case .failed, .postponed: false
        }
    }

    /// Counts what the page of an entry brought as a part of the poll.
    ///
    /// - Parameter state: the source's, as it is about to be stored.
    mutating func note(_ followed: Followed, telling mentions: Int, in state: inout SourceState) {
        if case .read(let read) = outcome, mentions > 0 {
            outcome = outcome.counting(read.mentions + mentions)
            state.outcome = "\(outcome)"
        }
        if hasRead, case .closed = followed {
            findings.note(.closedPages)
            state.findings = findings.text
        }
    }

    /// Keeps of it, once it is remembered, what its end takes.
    mutating func letGo() {
        mentions = []
        before = []
        state.reading = nil
    }

    /// - Returns: whether the site lets its page be read.
    mutating func heed(_ answer: RobotsGate.Answer) -> Bool {
        if let failure = answer.failure { outcome = .failed(failure) }
        if case .unknown = answer.leave { return false }
        landing.pause = Second(atLeast: answer.pause ?? .zero)
        return answer.leave == .yes
    }

    mutating func note(_ response: Response, at now: Date) {
        state.status = response.status
        landing.peer = response.publicPeer
        advice.freshness = Freshness.left(of: response, at: now)
    }
}

extension Reading {
    /// Keeps who waits on, and whether somebody was given up.
    mutating func note(_ line: WaitingLine, at now: Date) {
        waiting = line.entries
        if line.lost > 0 { pagesMissed = now }
    }
}

extension Findings {
    /// `3 bare ampersands, 1 illegible dates`; `nil` for none.
    var text: String? {
        let parts = all.map { kind, count in
            let words = kind.rawValue.reduce(into: "") { words, letter in
                if letter.isUppercase { words += " " + letter.lowercased() } else { words.append(letter) }
            }
            return "\(count) \(words)"
        }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
}
