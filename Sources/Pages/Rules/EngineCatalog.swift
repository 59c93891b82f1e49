// The engines that are known, and which of them made a page.

internal import Model

/// Engines by their ids; made once, asked of every page.
package struct EngineCatalog: Sendable {
    /// In the order of their ids.
    package let engines: [Engine]

    /// Of two with one id the later counts: a user's own takes the place of ours.
    package init(_ engines: [Engine]) {
        var byID: [String: Engine] = [:]
        for engine in engines { byID[engine.id] = engine }
        self.engines = byID.values.sorted { $0.id < $1.id }
    }

    package subscript(_ id: String) -> Engine? {
        engines.first { $0.id == id }
    }

    /// The engine whose marks say most.
    /// - Parameter host: of the page's address.
    func recognise(_ outline: PageOutline, host: String?) -> Engine? {
        var best: (engine: Engine, weight: Int)?
        for engine in engines {
            let sets = engine.recognition.filter { set in set.allSatisfy { outline.has($0, host: host) } }
            guard let weight = sets.map({ $0.reduce(0) { $0 + $1.weight } }).max() else { continue }
            if weight > best?.weight ?? 0 { best = (engine, weight) }
        }
        return best?.engine
    }

    /// What a user must know of the site at an address, whose pages nobody has seen yet.
    package func advice(address: String) -> String? {
        engine(host: Address.host(address))?.advice
    }

    /// The engine that a site's host gives away, for documents that are no pages.
    func engine(host: String?) -> Engine? {
        guard let host else { return nil }
        return engines.first { engine in
            engine.recognition.contains { set in
                set.contains {
                    if case .host(let name) = $0 { host == name || host.hasSuffix(".\(name)") } else { false }
                }
            }
        }
    }
}
