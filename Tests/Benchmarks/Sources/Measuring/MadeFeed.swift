// A document to fetch, made here.

/// A feed of common words, so that it packs as feeds do: about 90 kB to 35.
package func feed(items: Int) -> String {
    var state: UInt64 = 42
    func word() -> String {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return String((state >> 33) % 40_000, radix: 36)
    }
    let body = (0..<items).map { number in
        let text = (0..<60).map { _ in word() }.joined(separator: " ")
        return
            "<item><title>\(word()) \(word())</title><link>https://a.example/\(number)</link><description>\(text)</description></item>"
    }
    return "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>A</title>\(body.joined())</channel></rss>"
}
