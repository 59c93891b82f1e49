import Fetching
import Foundation
import Model
import Monitoring
import Storage
import Testing

/// What a poll asks beside its first request waits for its turn like everybody else's.
@Suite struct TurnTests {
    private let start = Date(timeIntervalSince1970: 1_772_438_400)

    /// An agenda of sources at these addresses, all of them due.
    private func agenda(_ addresses: [String], ailing: Set<String> = []) -> Agenda {
        var agenda = Agenda()
        use(addresses, &agenda, ailing: ailing, at: start)
        return agenda
    }

    private func use(_ addresses: [String], _ agenda: inout Agenda, ailing: Set<String> = [], at now: Date) {
        var sources = Sources()
        for address in addresses {
            sources.append(
                url: address, name: nil, like: Source(url: "", name: "", cadence: Cadence(every: .seconds(60))))
        }
        let outlines = addresses.map { address in
            var outline = SourceOutline(id: id(address), due: now)
            outline.failures = ailing.contains(address) ? 1 : 0
            return outline
        }
        agenda.use(sources, outlines, budget: nil, at: now)
    }

    /// A source keeps its key whatever stands beside it.
    private func id(_ address: String) -> Int64 {
        address.utf8.reduce(7) { ($0 &* 257 &+ Int64($1)) & .max }
    }

    /// Everything that may be done at `time`.
    private func beginnings(_ agenda: inout Agenda, at time: TimeInterval) -> [Agenda.Beginning] {
        var beginnings: [Agenda.Beginning] = []
        while let next = agenda.begin(at: start + time) { beginnings.append(next) }
        return beginnings
    }

    private func finish(
        _ address: String, _ agenda: inout Agenda, at time: TimeInterval, rest: TimeInterval? = nil,
        peer: String? = nil, due: TimeInterval? = nil
    ) {
        var state = SourceState(id: id(address), due: start + (due ?? time + 10_000))
        state.polled = start + time
        var landing = Landing()
        landing.peer = peer
        landing.siteRest = rest.map { start + time + $0 }
        agenda.finished(id(address), state, landing, at: start + time)
    }

    @Test func theSameSiteIsAskedAgainAfterItsPauseAndBehindWhoeverStandsInLine() {
        let (a, b) = ("https://a.example/1", "https://a.example/2")
        var agenda = agenda([a, b])
        #expect(beginnings(&agenda, at: 0) == [.poll(id: id(a), position: 0)])
        #expect(agenda.goOn(id(a), to: "https://a.example/page", at: start) == nil)
        #expect(beginnings(&agenda, at: 0) == [])
        #expect(beginnings(&agenda, at: 1) == [.poll(id: id(b), position: 1)])
        finish(b, &agenda, at: 1)
        #expect(beginnings(&agenda, at: 1) == [])
        #expect(beginnings(&agenda, at: 2) == [.turn(id: id(a))])
        finish(a, &agenda, at: 2)
        #expect(agenda.next(at: start + 2) == start + 10_001)
    }

    @Test func anotherSiteIsAskedAtOnceIfNobodyElseAsksIt() {
        let a = "https://a.example/"
        var agenda = agenda([a])
        #expect(beginnings(&agenda, at: 0).count == 1)
        #expect(agenda.goOn(id(a), to: "https://b.example/", at: start) == nil)
        #expect(beginnings(&agenda, at: 0) == [.turn(id: id(a))])
    }

    @Test func twoThatLeadToEachOtherDoNotWaitForEachOther() {
        let (a, b) = ("https://a.example/", "https://b.example/")
        var agenda = agenda([a, b])
        #expect(beginnings(&agenda, at: 0).count == 2)
        #expect(agenda.goOn(id(a), to: b, at: start) == nil)
        #expect(agenda.goOn(id(b), to: a, at: start) == nil)
        #expect(beginnings(&agenda, at: 0) == [])
        #expect(Set(beginnings(&agenda, at: 1).map { "\($0)" }).count == 2)
    }

    @Test func aSiteThatRestsIsNotWaitedFor() {
        let (a, b, c) = ("https://a.example/", "https://b.example/", "https://c.example/")
        var agenda = agenda([a, b, c])
        #expect(beginnings(&agenda, at: 0).count == 3)
        // a waits for b, which says then that it has had enough; c comes too late to wait.
        #expect(agenda.goOn(id(a), to: b, at: start) == nil)
        #expect(beginnings(&agenda, at: 0) == [])
        finish(b, &agenda, at: 1, rest: 600)
        #expect(beginnings(&agenda, at: 1) == [.noTurn(id: id(a), until: start + 601)])
        #expect(agenda.goOn(id(c), to: b, at: start + 1) == start + 601)
        finish(a, &agenda, at: 1)
        finish(c, &agenda, at: 1)
        #expect(beginnings(&agenda, at: 10_001).count == 3)
    }

    @Test func whoeverIsNotCalledForThatLeavesTheLineToTheOthers() {
        let addresses = (0..<5).map { "https://host\($0).example/" }
        var agenda = agenda(addresses)
        #expect(beginnings(&agenda, at: 0).count == 5)
        for address in addresses.dropFirst() { #expect(agenda.goOn(id(address), to: addresses[0], at: start) == nil) }
        #expect(beginnings(&agenda, at: 0) == [])
        finish(addresses[0], &agenda, at: 3, rest: 60)
        let told = beginnings(&agenda, at: 3)
        #expect(told.count == 4)
        #expect(told.allSatisfy { if case .noTurn(_, start + 63) = $0 { true } else { false } })
        for address in addresses.dropFirst() { finish(address, &agenda, at: 3) }
        // Each is planned once and comes once.
        #expect(beginnings(&agenda, at: 10_060).count == 5)
    }

    @Test func thoseThatWaitTakeNobodysPlace() {
        let addresses = (0..<Agenda.mostFlights + 1).map { "https://host\($0).example/" }
        var agenda = agenda(addresses)
        var begun = 0
        for second in 0..<20 { begun += beginnings(&agenda, at: Double(second)).count }
        #expect(begun == Agenda.mostFlights)
        #expect(agenda.goOn(id(addresses[0]), to: addresses[1], at: start + 20) == nil)
        #expect(beginnings(&agenda, at: 20) == [.poll(id: id(addresses[begun]), position: begun)])
    }

    /// More sources that failed last time than are asked at once, and as many polls of them as are: the places that
    /// they may take are taken.
    private func crowd(behind first: [String] = [], ailing: Set<String> = []) -> (Agenda, begun: [String], left: Int) {
        let crowd = (0..<600).map { "https://host\($0).example/" }
        var agenda = agenda(first + crowd, ailing: ailing.union(crowd))
        var begun: [String] = []
        for second in 0..<10 {
            for case .poll(_, let position) in beginnings(&agenda, at: Double(second)) {
                begun.append((first + crowd)[position])
            }
        }
        #expect((500..<600).contains(begun.count))
        return (agenda, begun, crowd.count + first.count - begun.count)
    }

    private func turns(_ beginnings: [Agenda.Beginning]) -> Int {
        beginnings.count { if case .turn = $0 { true } else { false } }
    }

    @Test func pollsOfAilingSourcesThatWaitLeaveTheirPlacesToOthers() {
        var (agenda, begun, left) = crowd()
        for address in begun { #expect(agenda.goOn(id(address), to: "https://hoster.com/", at: start + 10) == nil) }
        let next = (10...15).flatMap { beginnings(&agenda, at: Double($0)) }
        #expect(turns(next) == 1)
        #expect(next.count == 1 + left)
    }

    @Test func pollsOfAilingSourcesGoOnWhereThereIsRoomForThem() {
        var (agenda, begun, left) = crowd()
        for address in begun.prefix(left) {
            #expect(agenda.goOn(id(address), to: "https://hoster.com/", at: start + 10) == nil)
        }
        // As many places as they left are taken again, and no more.
        #expect((10...15).flatMap { beginnings(&agenda, at: Double($0)) }.count == left)
        finish(begun[left], &agenda, at: 16)
        #expect((16...28).flatMap { beginnings(&agenda, at: Double($0)) }.count == 1)
    }

    @Test func anAilingSourceThatThereIsNoRoomForHoldsNobodyUpBehindIt() {
        let (first, ailing, last) = ("https://site.example/1", "https://site.example/2", "https://site.example/3")
        var (agenda, begun, _) = crowd(behind: [first, ailing, last], ailing: [ailing])
        #expect(!begun.contains(ailing) && !begun.contains(last))
        finish(first, &agenda, at: 20)
        #expect((20...22).flatMap { beginnings(&agenda, at: Double($0)) } == [.poll(id: id(last), position: 2)])
    }

    @Test func whoeverNeedNotWaitIsToldSoWhateverElseIsDue() {
        let (x, also, w, y, t) = (
            "https://x.example/1", "https://x.example/2", "https://w.example/", "https://y.example/",
            "https://t.example/"
        )
        var agenda = agenda([x, also, w, y, t])
        #expect(beginnings(&agenda, at: 0).count == 4)
        let peer = "192.0.2.1"
        finish(w, &agenda, at: 0, peer: peer, due: 100)
        finish(y, &agenda, at: 0, peer: peer, due: 101)
        finish(x, &agenda, at: 0, peer: peer, due: 101)
        finish(t, &agenda, at: 0, due: 103)
        #expect(beginnings(&agenda, at: 1).count == 1)
        finish(also, &agenda, at: 1, due: 103)
        // y, x, and w on its way to t stand in line for their common machine, in this order.
        #expect(beginnings(&agenda, at: 100) == [.poll(id: id(w), position: 2)])
        #expect(beginnings(&agenda, at: 101) == [])
        #expect(agenda.goOn(id(w), to: t, at: start + 101) == nil)
        #expect(beginnings(&agenda, at: 101) == [])
        #expect(beginnings(&agenda, at: 102) == [.poll(id: id(y), position: 3)])
        #expect(beginnings(&agenda, at: 103).count == 2)
        finish(t, &agenda, at: 104, rest: 600)
        finish(also, &agenda, at: 104, rest: 600)
        finish(y, &agenda, at: 104)
        // x is called and cannot go, since its site rests; w is called and need not wait, since t does.
        #expect(beginnings(&agenda, at: 105) == [.noTurn(id: id(w), until: start + 704)])
    }

    @Test func aReloadLeavesThoseWaitingThatAreStillWatched() {
        let (a, b, c) = ("https://a.example/", "https://b.example/", "https://c.example/")
        var agenda = agenda([a, b, c])
        #expect(beginnings(&agenda, at: 0).count == 3)
        #expect(agenda.goOn(id(a), to: c, at: start) == nil)
        #expect(agenda.goOn(id(b), to: c, at: start) == nil)
        #expect(beginnings(&agenda, at: 0) == [])
        use([c, b], &agenda, at: start + 1)
        #expect(beginnings(&agenda, at: 1) == [.noTurn(id: id(a), until: start + 1)])
        finish(c, &agenda, at: 2)
        #expect(beginnings(&agenda, at: 3) == [.turn(id: id(b))])
    }

    @Test func aSiteMayWantALongerPause() {
        let a = "https://a.example/"
        var agenda = agenda([a])
        #expect(beginnings(&agenda, at: 0).count == 1)
        #expect(agenda.goOn(id(a), to: "https://a.example/page", pause: 30, at: start) == nil)
        #expect(beginnings(&agenda, at: 29) == [])
        #expect(beginnings(&agenda, at: 30) == [.turn(id: id(a))])
    }

    @Test func whatOneHostWantsHoldsForNoOtherOfItsDomain() {
        let (a, b) = ("https://a.blogspot.com/feed", "https://b.blogspot.com/feed")
        var agenda = agenda([a, b])
        #expect(beginnings(&agenda, at: 0) == [.poll(id: id(a), position: 0)])
        #expect(agenda.goOn(id(a), to: "https://slow.blogspot.com/robots.txt", at: start) == nil)
        #expect(beginnings(&agenda, at: 0) == [])
        #expect(beginnings(&agenda, at: 1) == [.poll(id: id(b), position: 1)])
        finish(b, &agenda, at: 1, due: 10)
        #expect(beginnings(&agenda, at: 2) == [.turn(id: id(a))])
        #expect(agenda.goOn(id(a), to: "https://slow.blogspot.com/post", pause: 300, at: start + 2) == nil)
        #expect(beginnings(&agenda, at: 10) == [.poll(id: id(b), position: 1)])
        finish(b, &agenda, at: 10)
        #expect(beginnings(&agenda, at: 301) == [])
        #expect(beginnings(&agenda, at: 302) == [.turn(id: id(a))])
    }

    @Test func whatASiteWantsNowReplacesWhatItWanted() {
        let a = "https://a.example/"
        var agenda = agenda([a])
        #expect(beginnings(&agenda, at: 0).count == 1)
        #expect(agenda.goOn(id(a), to: "https://a.example/1", pause: 30, at: start) == nil)
        #expect(beginnings(&agenda, at: 30) == [.turn(id: id(a))])
        #expect(agenda.goOn(id(a), to: "https://a.example/2", pause: 0, at: start + 30) == nil)
        #expect(beginnings(&agenda, at: 31) == [.turn(id: id(a))])
    }

    @Test func addressesAndSitesOnceSeenAreForgotten() {
        let a = "https://a.example/"
        var agenda = agenda([a])
        var time = 0.0
        for number in 0..<20_000 {
            #expect(beginnings(&agenda, at: time).count == 1)
            #expect(agenda.goOn(id(a), to: "https://host\(number).example/", at: start + time) == nil)
            #expect(beginnings(&agenda, at: time + 1).count == 1)
            var state = SourceState(id: id(a), due: start + time + 2)
            state.polled = start
            var landing = Landing()
            landing.peer = "192.0.\(number / 256).\(number % 256)"
            agenda.finished(id(a), state, landing, at: start + time + 1)
            time += 2
        }
        #expect(agenda.laneCount < 2_200)
    }
}
