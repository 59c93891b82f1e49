import Alerting
import Foundation
import Model
import TestSupport
import Testing

@Suite struct RouteTreeTests {
    private func route(_ receiver: String, _ matchers: String..., continues: Bool = false) throws -> Route {
        var route = Route(receiver: receiver)
        route.matchers = try matchers.map { try Matcher($0) }
        route.continues = continues
        return route
    }

    private func mention(_ watch: String, team: String = "retail") -> Mention {
        var mention = Mention.example(1)
        mention.watch = watch
        mention.labels["team"] = team
        return mention
    }

    private func tree() throws -> RouteTree {
        var root = try route("all")
        var retail = try route("retail", "team=retail")
        retail.routes = [try route("night", "watch=night"), try route("any", "watch=~\"a.*\"")]
        root.routes = [
            try route("archive", "watch=~\"a.*\"", continues: true), retail, try route("late", "team=retail"),
        ]
        return RouteTree(root)
    }

    @Test func aMentionTakesTheFirstRouteThatMatchesAndThoseBehindOneThatContinues() throws {
        let tree = try tree()
        func receivers(_ mention: Mention) -> [String?] { tree.routes(for: mention).map(\.receiver) }
        #expect(receivers(mention("night")) == ["night"])
        #expect(receivers(mention("acme")) == ["archive", "any"])
        #expect(receivers(mention("zeebank")) == ["retail"])
        #expect(receivers(mention("acme", team: "online")) == ["archive"])
        #expect(receivers(mention("zeebank", team: "online")) == ["all"])
    }

    @Test func aRouteKeepsItsIdWhileItsPlaceAndWaitsChange() throws {
        var root = try tree().root
        let ids = Set(try tree().byID.keys)
        root.routes.reverse()
        root.routes[0].groupWait = 99
        #expect(Set(RouteTree(root).byID.keys) == ids)
        root.routes[0].receiver = "other"
        #expect(Set(RouteTree(root).byID.keys) != ids)
    }

    @Test func twinsAreToldApart() throws {
        var root = try route("all")
        root.routes = [try route("a", "watch=x", continues: true), try route("a", "watch=x")]
        let tree = RouteTree(root)
        #expect(Set(tree.routes(for: mention("x")).map(\.id)).count == 2)
        #expect(tree.byID.count == 3)
    }

    @Test func theStepsSayWhichConditionsDoNotHold() throws {
        let steps = try tree().steps(for: mention("acme"))
        #expect(steps.map(\.route.receiver) == ["all", "archive", "retail", "night", "any", "late"])
        #expect(steps.map(\.isTaken) == [false, true, false, false, true, false])
        #expect(steps.map { $0.unmet.map(\.description) }[3] == [#"watch="night""#])
        #expect(steps.map(\.isPast) == [false, false, false, false, false, true])
        let alone = try tree().steps(for: mention("zeebank", team: "online"))
        #expect(alone.first?.isTaken == true)
    }

    @Test func mentionsAreGroupedByWhatTheRouteNames() throws {
        var route = try route("a")
        route.groupBy = try ["watch", "team", "signal"].map { try #require(Subject($0)) }
        #expect(route.group(of: mention("x")) == ["watch": "x", "team": "retail", "signal": ""])
    }
}
