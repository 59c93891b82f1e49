import Foundation
import Model
import Testing

@Suite struct JSONWriterTests {
    @Test(arguments: [
        0, -0.25, 0.75, 1_772_438_400, 1_709_164_799.999, 951_782_400, -1, -2_208_988_800.5, 4_102_444_799,
        253_402_300_799.9, 253_402_300_800, -12_212_553_600, -12_212_553_601, -62_135_596_800, 1e12, -1e12,
    ])
    func aTimeIsWrittenAsTheEncoderWritesIt(_ seconds: TimeInterval) throws {
        let date = Date(timeIntervalSince1970: seconds)
        var json = JSONWriter(capacity: 32)
        json.date(date)
        #expect(json.bytes == [UInt8](try JSONEncoder.earshot.encode(date)))
    }

    @Test(arguments: ["", "plain", "\"", "a\\b", "tab\tline\nend", "\u{1}\u{1F}\u{7F}", "Zürich \u{1F600}\""])
    func aTextIsWrittenAsTheEncoderWritesIt(_ text: String) throws {
        var json = JSONWriter(capacity: 32)
        json.text(text)
        #expect(json.bytes == [UInt8](try JSONEncoder.earshot.encode(text)))
    }
}
