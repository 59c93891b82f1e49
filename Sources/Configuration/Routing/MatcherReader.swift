// The `matchers` of a route.

import Alerting
import Yams

struct MatcherReader {
    let file: YAMLFile
    let watches: [String]
    let signals: [String]

    func read(_ section: Section) -> [Matcher] {
        section.list("matchers").compactMap { node in
            guard let text = file.text(node, of: "matchers") else { return nil }
            do throws(MatcherError) {
                let matcher = try Matcher(text)
                lookUp(matcher, at: node)
                return matcher
            } catch {
                file.problem("`matchers`: \(error)", at: node)
                return nil
            }
        }
    }

    /// A name that nothing has is a slip.
    private func lookUp(_ matcher: Matcher, at node: Node) {
        let known: (what: String, names: [String])? =
            switch matcher.subject {
            case .watch: ("watch", watches)
            case .signal: ("signal", signals)
            default: nil
            }
        guard let known, [.equal, .notEqual].contains(matcher.comparison), !matcher.value.isEmpty,
            !known.names.contains(matcher.value)
        else { return }
        let suggestion = Suggestion.text(for: matcher.value, among: known.names)
        file.problem("`matchers`: there is no \(known.what) `\(matcher.value)`\(suggestion)", at: node)
    }
}
