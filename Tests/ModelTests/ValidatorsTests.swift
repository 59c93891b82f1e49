import Model
import Testing

@Suite struct ValidatorsTests {
    @Test func validatorsAreKeptAsTheyWereSent() {
        let validators = Validators(etag: #"W/"abc-gzip""#, lastModified: "yesterday, about noon")
        #expect(validators.etag == #"W/"abc-gzip""#)
        #expect(validators.lastModified == "yesterday, about noon")
    }

    @Test(arguments: ["\"a\"\r\nX-Evil: 1", "a\nb", "a\u{0}b", "", String(repeating: "e", count: 1_025)])
    func aValidatorThatCouldSmuggleAHeaderOrFillTheStoreIsDropped(_ value: String) {
        #expect(Validators(etag: value, lastModified: value) == Validators())
    }
}
