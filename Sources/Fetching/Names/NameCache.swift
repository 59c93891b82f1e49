// What names led to, for as long as their name servers let it be kept. A value that takes the time as an argument, and
// holds a bounded number of names: in two halves, of which the older is dropped whole when the younger is full.

import Dispatch

/// Answers by name.
struct NameCache {
    enum Entry {
        case found(NameAnswer)
        case failed(FetchFailure, until: DispatchTime)
    }

    /// The most names of one half. A name takes about 200 bytes.
    private let half: Int
    private var young: [String: Entry] = [:]
    private var old: [String: Entry] = [:]

    init(most: Int) {
        half = max(1, most / 2)
    }

    var count: Int { young.count + old.count }

    /// What is known of `name`, unless it is too old.
    mutating func entry(for name: String, at now: DispatchTime) -> Entry? {
        if let entry = young[name] { return entry.holds(at: now) ? entry : nil }
        guard let entry = old.removeValue(forKey: name), entry.holds(at: now) else { return nil }
        keep(entry, for: name)
        return entry
    }

    mutating func keep(_ entry: Entry, for name: String) {
        if young.count >= half, young[name] == nil { (old, young) = (young, [:]) }
        young[name] = entry
    }

    /// Forgets what was not found: the network has changed.
    mutating func forgetFailures() {
        young = young.filter { !$0.value.isFailure }
        old = old.filter { !$0.value.isFailure }
    }
}

extension NameCache.Entry {
    fileprivate func holds(at now: DispatchTime) -> Bool {
        switch self {
        case .found(let answer): now < answer.expiry
        case .failed(_, let until): now < until
        }
    }

    fileprivate var isFailure: Bool {
        if case .failed = self { true } else { false }
    }
}
