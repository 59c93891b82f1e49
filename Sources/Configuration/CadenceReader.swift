// `interval`, `floor` and `ceiling`: how often sources are asked, by what the user wrote and what is polite.

import Model
import Yams

struct CadenceReader {
    let file: YAMLFile
    let polling: Polling

    /// An interval below this is more often a slip than meant; whoever means it writes the floor beside it.
    private static let guardedFloor: Duration = .seconds(300)

    /// An interval is kept to; bounds leave the choice to the source's rhythm. What a section says of its own comes
    /// before what `polling` says, and only a section's own floor counts for servers without validators, too.
    func cadence(_ section: Section) -> Cadence {
        let (interval, floor) = (section.duration("interval"), section.duration("floor"))
        let ceiling = section.duration("ceiling")
        check(section, interval: interval, floor: floor)
        let isBounded = floor != nil || ceiling != nil
        if let interval = interval ?? (isBounded ? nil : polling.interval) { return Cadence(every: interval) }
        let polite = Cadence.polite
        let least = floor ?? polling.floor ?? min(polite.floor, ceiling ?? polling.ceiling ?? polite.floor)
        let most = ceiling ?? polling.ceiling ?? max(polite.ceiling, least)
        if most < least, let node = section.node("ceiling") ?? section.node("floor") {
            file.problem(
                "the ceiling (\(DurationText.text(most))) is below the floor (\(DurationText.text(least)))", at: node)
        }
        return Cadence(floor: least, bareFloor: floor ?? max(polite.bareFloor, least), ceiling: most)
    }

    private func check(_ section: Section, interval: Duration?, floor: Duration?) {
        if let floor, floor < .seconds(1), let node = section.node("floor") {
            file.problem("`floor` is at least 1s", at: node)
        }
        let least = floor ?? polling.floor ?? Self.guardedFloor
        if let interval, interval < least, let node = section.node("interval") {
            let text = DurationText.text(least)
            file.problem(
                "`interval` is below the floor (\(text)); write a lower `floor` beside it to mean it", at: node)
        }
    }
}
