// The two distributions as a picture: how many entries were seen within how long.

import Foundation

struct Plot {
    let rhythm: [Double]
    let fixed: [Double]

    private static let (width, height, margin) = (640.0, 360.0, 56.0)
    /// A minute to two days, logarithmic.
    private static let (least, most) = (60.0, 172_800.0)
    private static let marks = [(60.0, "1 min"), (600, "10 min"), (3_600, "1 h"), (21_600, "6 h"), (86_400, "1 day")]

    var svg: String {
        let (width, height) = (Self.width, Self.height)
        var lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Int(width)) \(Int(height))\" "
                + "font-family=\"sans-serif\" font-size=\"12\">",
            "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>",
        ]
        for (seconds, name) in Self.marks {
            let x = Self.x(seconds)
            lines.append("<path d=\"M\(x) \(Self.y(0))V\(Self.y(1))\" stroke=\"#ddd\"/>")
            lines.append("<text x=\"\(x)\" y=\"\(Self.y(0) + 18)\" text-anchor=\"middle\">\(name)</text>")
        }
        for share in [0, 0.25, 0.5, 0.75, 1] {
            lines.append("<path d=\"M\(Self.x(Self.least)) \(Self.y(share))H\(Self.x(Self.most))\" stroke=\"#ddd\"/>")
            lines.append(
                "<text x=\"\(Self.margin - 6)\" y=\"\(Self.y(share) + 4)\" text-anchor=\"end\">\(Int(share * 100)) %</text>"
            )
        }
        lines.append(curve(fixed, "#999", "fixed interval", 0.30))
        lines.append(curve(rhythm, "#06c", "rhythm", 0.38))
        lines.append("<text x=\"\(Self.margin)\" y=\"20\">Entries seen within … of publication</text>")
        return (lines + ["</svg>", ""]).joined(separator: "\n")
    }

    private func curve(_ delays: [Double], _ colour: String, _ name: String, _ place: Double) -> String {
        let sorted = delays.sorted()
        let points = (0...200).map { step -> String in
            let seconds = Self.least * pow(Self.most / Self.least, Double(step) / 200)
            let share = Double(sorted.partitioningIndex { $0 > seconds }) / Double(max(1, sorted.count))
            return "\(Self.x(seconds)),\(Self.y(share))"
        }
        return "<polyline points=\"\(points.joined(separator: " "))\" fill=\"none\" stroke=\"\(colour)\" "
            + "stroke-width=\"2\"/><text x=\"\(Self.margin + 12)\" y=\"\(Self.y(1 - place))\" fill=\"\(colour)\">\(name)</text>"
    }

    private static func x(_ seconds: Double) -> Double {
        (margin + (width - 2 * margin) * log(seconds / least) / log(most / least)).rounded(to: 1)
    }

    private static func y(_ share: Double) -> Double {
        (height - margin + 10 - (height - 2 * margin + 10) * share).rounded(to: 1)
    }
}

extension Double {
    fileprivate func rounded(to digits: Int) -> Double {
        let scale = pow(10, Double(digits))
        return (self * scale).rounded() / scale
    }
}

extension [Double] {
    /// The first index of a sorted array at which `isBeyond` holds.
    fileprivate func partitioningIndex(_ isBeyond: (Double) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBeyond(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
