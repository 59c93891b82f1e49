// The tree as it is asked: every route with what it has from its parents, and an id of its own.

package import Model

/// All routes of a configuration.
package struct RouteTree: Sendable, Equatable {
    package let root: Route
    /// Every route that mentions can end at, by its id.
    package let byID: [String: Route]

    /// - Parameter root: as configured, without ids.
    package init(_ root: Route) {
        var ids: Set<String> = []
        let root = Self.identified(root, below: nil, &ids)
        var byID: [String: Route] = [:]
        Self.collect(root, into: &byID)
        self.root = root
        self.byID = byID
    }

    /// The routes that a mention takes, in the order of the configuration: the first that matches on each level and
    /// those that follow one which continues; a route none of whose children match has the mention itself.
    package func routes(for mention: Mention) -> [Route] {
        Self.routes(from: root, for: mention)
    }

    private static func routes(from route: Route, for mention: Mention) -> [Route] {
        var found: [Route] = []
        for child in route.routes where child.matchers.allSatisfy({ $0.matches(mention) }) {
            found += routes(from: child, for: mention)
            if !child.continues { break }
        }
        return found.isEmpty ? [route] : found
    }

    private static func identified(_ route: Route, below parent: Route?, _ ids: inout Set<String>) -> Route {
        var route = route
        route.path = (parent?.path ?? []) + route.matchers
        let parts = [parent?.id ?? "", route.receiver ?? ""] + route.matchers.map(\.description).sorted()
        // Routes that are twins are told apart by their place.
        var number = 0
        repeat {
            route.id = Identifiers.route(parts + [String(number)])
            number += 1
        } while !ids.insert(route.id).inserted
        let own = route
        route.routes = route.routes.map { identified($0, below: own, &ids) }
        return route
    }

    private static func collect(_ route: Route, into byID: inout [String: Route]) {
        byID[route.id] = route
        for child in route.routes { collect(child, into: &byID) }
    }
}

extension RouteTree {
    /// How a route and a mention look at each other, for `earshot route explain`.
    package struct Step: Sendable, Equatable {
        /// 0 for the root.
        package var depth: Int
        package var route: Route
        /// The conditions that do not hold.
        package var unmet: [Matcher]
        /// Whether an earlier sibling has taken the mention and does not continue.
        package var isPast: Bool
        /// Whether the mention ends here.
        package var isTaken: Bool
    }

    /// Every route that was looked at, from the root down.
    package func steps(for mention: Mention) -> [Step] {
        var steps: [Step] = []
        walk(root, 0, isPast: false, mention, &steps)
        return steps
    }

    private func walk(_ route: Route, _ depth: Int, isPast: Bool, _ mention: Mention, _ steps: inout [Step]) {
        let unmet = route.matchers.filter { !$0.matches(mention) }
        let isOpen = unmet.isEmpty && !isPast
        let place = steps.count
        steps.append(Step(depth: depth, route: route, unmet: unmet, isPast: isPast, isTaken: isOpen))
        guard isOpen else { return }
        var isTaken = false
        for child in route.routes {
            let matches = child.matchers.allSatisfy { $0.matches(mention) }
            walk(child, depth + 1, isPast: isTaken, mention, &steps)
            if matches, !isTaken {
                steps[place].isTaken = false
                isTaken = !child.continues
            }
        }
    }
}
