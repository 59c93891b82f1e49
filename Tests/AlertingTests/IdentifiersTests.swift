import Alerting
import Model
import Testing

@Suite struct IdentifiersTests {
    private func entry(_ identity: String) -> Entry {
        Entry(identity: identity)
    }

    @Test func aMentionsIdIsMadeFromSourceEntryAndWatchAlone() {
        let id = Identifiers.mention(address: "https://a.example/feed", entry: entry("1"), watch: "w")
        var edited = entry("1")
        edited.title = RichText("another title", form: .plain)
        #expect(id == Identifiers.mention(address: "https://a.example/feed", entry: edited, watch: "w"))
        #expect(id != Identifiers.mention(address: "https://b.example/feed", entry: entry("1"), watch: "w"))
        #expect(id != Identifiers.mention(address: "https://a.example/feed", entry: entry("2"), watch: "w"))
        #expect(id != Identifiers.mention(address: "https://a.example/feed", entry: entry("1"), watch: "v"))
    }

    @Test func partsDoNotRunIntoEachOther() {
        #expect(
            Identifiers.mention(address: "https://a.example/", entry: entry("x1"), watch: "w")
                != Identifiers.mention(address: "https://a.example/x", entry: entry("1"), watch: "w"))
    }

    @Test func anIdHasNoDot() {
        // Standard Webhooks signs `id.timestamp.body`.
        let id = Identifiers.mention(address: "https://a.example/feed", entry: entry("1"), watch: "w")
        #expect(id.count == 34 && id.hasPrefix("m_") && !id.contains("."))
    }
}
