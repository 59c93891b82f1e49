// The `route` of a configuration: the tree of where mentions go and when.

import Alerting
import FoundationEssentials
import Model
import Yams

struct RouteReader {
    let file: YAMLFile
    let receivers: [String]
    let watches: [String]
    let signals: [String]
    let hours: [Hours]

    private static let keys = [
        "receiver", "matchers", "group_by", "group_wait", "group_interval", "active_time_intervals",
        "mute_time_intervals", "on_inactive", "digest", "spike", "priority", "stories", "continue", "routes",
    ]
    /// Deeper trees are slips: a person could not follow them.
    private static let deepest = 20

    /// - Parameter node: of `route`.
    func read(_ node: Node) -> Route {
        guard let section = Section(node, in: file, what: "`route`", knowing: Self.keys) else { return Route() }
        for key in ["matchers", "continue"] {
            if let node = section.node(key) {
                file.problem("the first route has no `\(key)`: it takes everything", at: node)
            }
        }
        if section.node("receiver") == nil { file.problem("`receiver` is missing", at: node) }
        return read(section, below: Route(), above: [], depth: 0)
    }

    private func read(_ section: Section, below parent: Route, above: [Matcher], depth: Int) -> Route {
        var route = Route(receiver: section.node("receiver") == nil ? parent.receiver : receiver(section))
        // A first route with matchers is refused already.
        route.matchers = MatcherReader(file: file, watches: watches, signals: signals).read(section)
        route.groupBy = section.node("group_by") == nil ? parent.groupBy : groupBy(section)
        route.groupWait = section.seconds("group_wait") ?? parent.groupWait
        route.groupInterval = section.seconds("group_interval") ?? parent.groupInterval
        route.continues = section.bool("continue") ?? false
        route.hours = RouteHours(
            active: intervals(section, "active_time_intervals"), mute: intervals(section, "mute_time_intervals"),
            drops: section.choice("on_inactive", among: ["hold": false, "drop": true]) ?? false)
        route.joinsCopies = section.choice("stories", among: ["join": true, "each": false]) ?? true
        route.priority = section.priority() ?? .normal
        route.digest = DigestReader(file: file).read(section)
        route.spike = SpikeReader(file: file).read(section)
        if route.digest?.comesEmpty == true, !route.groupBy.isEmpty, let node = section.node("digest") {
            file.problem("a digest that comes empty has no `group_by`: which groups would there be?", at: node)
        }
        route.routes = children(section, of: route, above: above + route.matchers, depth: depth)
        return route
    }

    private func children(_ section: Section, of route: Route, above: [Matcher], depth: Int) -> [Route] {
        let nodes = section.list("routes")
        guard depth < Self.deepest || nodes.isEmpty else {
            file.problem("routes are nested more than \(Self.deepest) deep", at: section.node)
            return []
        }
        let children = nodes.compactMap { node -> (Node, Route)? in
            guard let section = Section(node, in: file, what: "a route", knowing: Self.keys) else { return nil }
            return (node, read(section, below: route, above: above, depth: depth + 1))
        }
        for (index, (node, child)) in children.enumerated() {
            let earlier = children[..<index].first { !$0.1.continues && $0.1.takesAll(that: child) }
            if let earlier, let line = earlier.0.mark?.line {
                file.warning("this route is never reached: the one in line \(line) takes all its mentions", at: node)
            } else if (above + child.matchers).contradictEachOther {
                file.warning("this route is never reached: its matchers contradict each other", at: node)
            }
        }
        return children.map(\.1)
    }

    /// What stands for no receiver: the journal has the mentions anyway.
    private static let nobody = "none"

    private func receiver(_ section: Section) -> String? {
        guard let name = section.text("receiver"), let node = section.node("receiver") else { return nil }
        if name == Self.nobody { return nil }
        if !receivers.contains(name) {
            let suggestion = Suggestion.text(for: name, among: receivers + [Self.nobody])
            file.problem("there is no receiver `\(name)`\(suggestion)", at: node)
        }
        return name
    }

    private func groupBy(_ section: Section) -> [Subject] {
        section.list("group_by").compactMap { node in
            guard let name = file.text(node, of: "group_by") else { return nil }
            guard let subject = Subject(name) else {
                file.problem("`group_by`: `\(name)` is not the name of a label", at: node)
                return nil
            }
            return subject
        }
    }

    private func intervals(_ section: Section, _ key: String) -> [Hours] {
        section.list(key).compactMap { node in
            guard let name = file.text(node, of: key) else { return nil }
            guard let interval = hours.first(where: { $0.name == name }) else {
                let suggestion = Suggestion.text(for: name, among: hours.map(\.name))
                file.problem("there is no time interval `\(name)`\(suggestion)", at: node)
                return nil
            }
            return interval
        }
    }
}

extension Route {
    /// Whether everything that an other one asks for is asked for here, and nothing more.
    fileprivate func takesAll(that other: Route) -> Bool {
        matchers.allSatisfy(other.matchers.contains)
    }
}

extension [Matcher] {
    /// Two different values for what has but one.
    fileprivate var contradictEachOther: Bool {
        let equal = filter { $0.comparison == .equal && $0.subject != .signal && $0.subject != .language }
        return equal.contains { one in equal.contains { $0.subject == one.subject && $0.value != one.value } }
    }
}
