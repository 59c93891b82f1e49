// Whether a simulated week kept its promises. It knows the week's story and reads what came of it, the receivers' log
// and the journal; it knows nothing of routes, groups and queues.

import Foundation
import Journaling
import Model

/// Finds every mention in exactly one alert for each receiver that it belongs to, in its time.
package struct AlertWeekJudge {
    private let begin: Date
    private let mentions: [AlertWeek.Found]
    private let alerts: [AlertWeek.Taken]
    /// The alerts' ids by mention and receiver, from the journal.
    private var covered: [Key: [String]] = [:]
    /// Why a mention was told to nobody, by the same.
    private var withheld: [Key: [JournalEvent.WithheldReport]] = [:]
    private var journaled: [String: Int] = [:]
    /// Takings by the alert's id.
    private var taken: [String: [AlertWeek.Taken]] = [:]
    private var made: [String: Alert.Kind] = [:]
    private let calendar: Calendar
    /// When the receiver that was down has everything at the latest: with the first alert that comes when it is well
    /// again, and after the ten minutes for which it may be left alone.
    private let recovery: Date

    private struct Key: Hashable {
        var mention: String
        var receiver: String
    }

    package init(_ week: AlertWeek) throws {
        begin = week.begin
        mentions = try week.mentions()
        alerts = try week.alerts()
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: "Europe/Amsterdam") ?? .gmt
        self.calendar = calendar
        let end = week.begin + AlertWeek.outage.upperBound * 3_600
        let next = mentions.first { (8...9).contains($0.watch) && $0.time >= end && $0.copyOf == nil }
        recovery = (next?.time ?? end) + wait + 600
        for event in try week.journal() {
            switch event.happening {
            case .mention(let mention): journaled[mention.id, default: 0] += 1
            case .alert(let report):
                made[report.id] = report.kind
                for mention in report.mentions {
                    covered[Key(mention: mention, receiver: report.receiver), default: []].append(report.id)
                }
            case .withheld(let report):
                withheld[Key(mention: report.mention, receiver: report.receiver), default: []].append(report)
            default: break
            }
        }
        taken = Dictionary(grouping: alerts, by: \.alert.id)
    }

    /// Everything that is wrong, in words; empty when all is well.
    package func complaints() -> [String] {
        mentions.flatMap(complaints) + alertsTwice() + digests() + spikes()
    }

    // MARK: Mentions

    /// The receivers that a mention belongs to, by the week's story alone.
    private func receivers(of found: AlertWeek.Found) -> [String] {
        let own =
            switch found.watch {
            case 0, 1, 2: "office"
            case 3, 4: "drop"
            case 5, 6, 7: "daily"
            case 8, 9: "down"
            case 10: "hang"
            case 11: "slow"
            case 12: "limited"
            case 13: "counts"
            default: "all"
            }
        // What only counts lets the mention go on, to the root that has no other child for it; so does a crisis.
        if found.watch == 13 { return ["counts"] + (found.isCrisis ? ["duty"] : []) }
        // A crisis that no other route wants ends where it is wanted.
        if own == "all", found.isCrisis { return ["duty"] }
        return [own] + (found.isCrisis ? ["duty"] : [])
    }

    private func complaints(_ found: AlertWeek.Found) -> [String] {
        let id = found.mention.id
        var complaints = journaled[id] == 1 ? [] : ["\(id) stands \(journaled[id] ?? 0) times in the journal"]
        for receiver in receivers(of: found) {
            let key = Key(mention: id, receiver: receiver)
            let places = (covered[key] ?? []).count + (withheld[key] ?? []).count
            if places != 1 {
                complaints.append("\(id) of w\(found.watch) stands in \(places) places for \(receiver)")
            } else if let reason = withheld[key]?.first {
                if !isRight(reason, found, receiver) {
                    complaints.append("\(id) was withheld from \(receiver): \(reason.reason) at \(hour(found.time))")
                }
            } else if let alert = covered[key]?.first {
                complaints +=
                    complaint(found, receiver, alert).map { ["\(id) of w\(found.watch) for \(receiver): \($0)"] } ?? []
            }
        }
        return complaints
    }

    private func isRight(_ report: JournalEvent.WithheldReport, _ found: AlertWeek.Found, _ receiver: String) -> Bool {
        switch report.reason {
        case "copy": found.copyOf != nil && report.of == found.copyOf
        case "hours": receiver == "drop" && !isOfficeTime(found.time) && !found.isCrisis
        case "silence": found.watch == 14 && AlertWeek.silence.contains(hour(found.time))
        case "spike": receiver == "counts"
        default: false
        }
    }

    /// What is wrong with the alert that a mention is in.
    private func complaint(_ found: AlertWeek.Found, _ receiver: String, _ id: String) -> String? {
        if found.watch == 14, AlertWeek.silence.contains(hour(found.time)), !found.isCrisis { return "was silenced" }
        guard receiver != "hang" else { return taken[id] == nil ? nil : "what hangs has taken it" }
        guard let taking = taken[id]?.first else { return "nobody has taken \(id)" }
        let alert = taking.alert
        let isTold = alert.mentions.contains { $0.id == found.mention.id }
        if alert.kind == .mentions, !isTold, found.copyOf == nil { return "is not in the body of \(id)" }
        let (earliest, latest) = time(for: found, receiver)
        return taking.time < earliest || taking.time > latest
            ? "was found at \(hour(found.time)) and taken at \(hour(taking.time))" : nil
    }

    /// A minute of `group_wait` or five of `group_interval`, and the attempt, in seconds.
    private let wait: TimeInterval = 380

    /// When a mention may be taken. A copy comes with its original, which may have waited already.
    private func time(for found: AlertWeek.Found, _ receiver: String) -> (earliest: Date, latest: Date) {
        let time = found.time
        if receiver == "duty" || found.isCrisis, receiver != "limited", receiver != "down" { return (time, time + 20) }
        switch receiver {
        // What the group keeps until the hours are over waits for the next.
        case "office", "drop": return (time, opening(time + wait) + wait)
        case "daily":
            let nine = nextNine(time)
            return (nine, nine + 20)
        case "down":
            let isOut = AlertWeek.outage.contains(hour(time)) || AlertWeek.outage.contains(hour(time + wait))
            return (time, isOut ? recovery : time + wait)
        // One a second, and never more than some dozens at once.
        case "slow": return (time, time + 120)
        case "limited": return (time, time + 3_600 + 20)
        default: return (time, time + wait)
        }
    }

    // MARK: Alerts

    private func alertsTwice() -> [String] {
        taken.filter { $0.value.count > 1 }.map { "\($0.key) was taken \($0.value.count) times" }
            + taken.keys.filter { made[$0] == nil }.map { "\($0) was taken and is not in the journal" }
    }

    /// One digest a day at nine, whatever there was.
    private func digests() -> [String] {
        let digests = alerts.filter { $0.alert.receiver == "daily" && $0.alert.kind == .digest }
        let days = digests.map { Int(hour($0.time) / 24) }
        return days == Array(0..<8) ? [] : ["digests came on the days \(days)"]
    }

    /// The storm is told once while it lasts. Chance brings another spike now and then: each is as large as it says, is
    /// told once, and closed at most once.
    private func spikes() -> [String] {
        let spikes = alerts.filter { $0.alert.kind == .spike && $0.alert.spike?.kind == .spike }
        let firing = spikes.filter { $0.alert.status == .firing }
        let storms = firing.count { AlertWeek.storm.contains(hour($0.time)) }
        var complaints = storms == 1 ? [] : ["the storm was told \(storms) times"]
        for (episode, alerts) in Dictionary(grouping: spikes, by: \.alert.episode) {
            let statuses = alerts.map(\.alert.status)
            if statuses != [.firing], statuses != [.firing, .resolved] {
                complaints.append("the spike \(episode ?? "") was told as \(statuses)")
            }
        }
        for taking in firing {
            guard let spike = taking.alert.spike else { continue }
            // The window ends with the quarter that has begun.
            let end = (taking.time.timeIntervalSince1970 / 900).rounded(.down) * 900 + 900
            let times = mentions.filter { $0.watch == 13 && $0.time.timeIntervalSince1970 >= end - spike.window }
                .map(\.time)
            // What was found in the same instant may have come before the look or after it.
            let counts = times.count { $0 < taking.time }...times.count { $0 <= taking.time }
            if !counts.contains(spike.count) || Double(spike.count) <= spike.mean + 3 * spike.deviation {
                complaints.append("a spike of \(spike.count) at \(hour(taking.time)) was one of \(counts)")
            }
        }
        return complaints
    }

    // MARK: Time

    /// Hours since the week began.
    private func hour(_ time: Date) -> Double { time.timeIntervalSince(begin) / 3_600 }

    private func isOfficeTime(_ time: Date) -> Bool {
        (0..<5).contains(Int(hour(time) / 24)) && (9..<17).contains(calendar.component(.hour, from: time))
    }

    /// Monday follows on Sunday: the eighth day is one.
    private func opening(_ time: Date) -> Date {
        if isOfficeTime(time) { return time }
        var nine = nextNine(time)
        while (5..<7).contains(Int(hour(nine) / 24)) { nine += 86_400 }
        return nine
    }

    private func nextNine(_ time: Date) -> Date {
        let nine = calendar.startOfDay(for: time) + 9 * 3_600
        return nine > time ? nine : nine + 86_400
    }
}
