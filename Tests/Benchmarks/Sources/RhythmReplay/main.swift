// How late entries are seen when a source's interval follows its rhythm, against one fixed interval with the same
// number of requests, replayed over publication times.
//
//     swift run -c release RhythmReplay [FOLDER [PLOT.svg]]    feeds in FOLDER; times made up where there is none
//
// Each feed is followed for the last four weeks of what it shows, or for the second half of its entries where that is
// less; what came before is what the first document taught.

import Feeds
import Foundation
import Model
import Monitoring

let day = 86_400.0
let window = 28 * day
let cadence = (floor: 600.0, ceiling: day)

/// Times at which one feed published, in order.
struct Publications {
    var known: [Date]
    var coming: [Date]
    var start: Date
    var end: Date { coming[coming.count - 1] }

    /// `nil` where there is too little to replay.
    init?(_ times: [Date]) {
        let times = times.sorted()
        guard times.count >= 4, let last = times.last, let first = times.first else { return nil }
        var begin = last - window
        if first > begin { begin = times[times.count / 2 - 1] }
        guard last.timeIntervalSince(begin) >= 3_600 else { return nil }
        (start, known, coming) = (begin, times.filter { $0 <= begin }, times.filter { $0 > begin })
    }
}

func readFeeds(_ folder: String) -> [Publications] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.sorted().compactMap { name in
        guard let data = FileManager.default.contents(atPath: folder + "/" + name),
            let feed = try? FeedReader().read([UInt8](data), address: nil, headers: [], now: Date())
        else { return nil }
        return Publications(feed.entries.compactMap { $0.published ?? $0.updated })
    }
}

/// Feeds of all tempers: from ten entries a day to one a month, most of them by day and on weekdays.
func madeFeeds() -> [Publications] {
    var generator = SystemRandomNumberGenerator()
    return (0..<200).compactMap { number in
        let rate = exp2(Double(number % 9) - 5) / day
        var (time, times): (Double, [Date]) = (1_700_000_000, [])
        while time < 1_700_000_000 + 120 * day {
            time += -log(Double.random(in: 1e-9..<1, using: &generator)) / rate
            let hour = Int(time) / 3_600 % 24
            if (8..<18).contains(hour) || number % 4 == 0 { times.append(Date(timeIntervalSince1970: time)) }
        }
        return Publications(times)
    }
}

struct Outcome {
    var delays: [Double] = []
    var requests = 0
    var mean: Double { delays.reduce(0, +) / Double(max(1, delays.count)) }
}

func followRhythm(_ feeds: [Publications], eagerness: Double) -> Outcome {
    var outcome = Outcome()
    for feed in feeds {
        var rhythm = Rhythm()
        rhythm.learn(feed.known, at: feed.start)
        var (now, seen) = (feed.start, 0)
        while now < feed.end {
            now += rhythm.wait(eagerness: eagerness, floor: cadence.floor, ceiling: cadence.ceiling, at: now)
            outcome.requests += 1
            let new = feed.coming[seen...].prefix { $0 <= now }
            guard !new.isEmpty else { continue }
            seen += new.count
            outcome.delays += new.map { now.timeIntervalSince($0) }
            rhythm.learn(Array(new), at: now)
        }
    }
    return outcome
}

/// With each feed's polls shifted against the next one's, as they are in a real schedule.
func keepInterval(_ feeds: [Publications], _ interval: Double) -> Outcome {
    var outcome = Outcome()
    for (number, feed) in feeds.enumerated() {
        for phase in 0..<20 {
            let shift = (Double(number) * 0.618 + Double(phase) / 20).truncatingRemainder(dividingBy: 1) * interval
            outcome.delays += feed.coming.map { time in
                let late = (time.timeIntervalSince(feed.start) - shift).truncatingRemainder(dividingBy: interval)
                return late > 0 ? interval - late : -late
            }
        }
        outcome.requests += Int(feed.end.timeIntervalSince(feed.start) / interval)
    }
    return outcome
}

let arguments = CommandLine.arguments.dropFirst()
let feeds = arguments.first.map(readFeeds) ?? madeFeeds()
let followed = feeds.reduce(0) { $0 + $1.end.timeIntervalSince($1.start) }
var compared: [(rhythm: Outcome, fixed: Outcome, interval: Double)] = []
print("\(feeds.count) feeds, \(feeds.reduce(0) { $0 + $1.coming.count }) entries, \(Int(followed / day)) days in all")
for factor in [0.3, 1, 3] {
    let rhythm = followRhythm(feeds, eagerness: Gain.unbounded * factor)
    let interval = followed / Double(rhythm.requests)
    let fixed = keepInterval(feeds, interval)
    compared.append((rhythm, fixed, interval))
    let ratio = rhythm.mean / fixed.mean
    let means = "\(Int(rhythm.mean / 60)) min by rhythm, \(Int(fixed.mean / 60)) min every \(Int(interval / 60)) min"
    print("\(rhythm.requests) requests: \(means): \(ratio.formatted(.number.precision(.fractionLength(2))))")
}
if let path = arguments.dropFirst().first {
    try Data(Plot(rhythm: compared[1].rhythm.delays, fixed: compared[1].fixed.delays).svg.utf8)
        .write(to: URL(filePath: path))
}
