// Selectors that stand by themselves, outside a configuration: those of a command line, those that others' OPML
// carries.

package import Pages

/// A layout read from YAML text: as a page's selectors, and as a JSON document's paths.
package struct SelectorText {
    package let layout: Layout?
    package let document: JSONLayout?
    /// What is wrong where it can be read as neither.
    package let problems: [Problem]

    package init(_ yaml: String) {
        let page = YAMLFile(path: "selectors")
        let section = page.root(of: yaml, what: "the selectors", knowing: LayoutReader.keys)
        layout = section.flatMap { LayoutReader(file: page).layout($0, name: "selectors") }
        let json = YAMLFile(path: "selectors")
        let paths = json.root(of: yaml, what: "the paths", knowing: LayoutReader.jsonKeys)
        let document = paths.flatMap { LayoutReader(file: json).document($0, name: "paths") }
        self.document = json.problems.isEmpty ? document : nil
        problems = page.problems.isEmpty || json.problems.isEmpty ? [] : page.problems
    }
}
