import Telemetry
import Testing

private let sample = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

@Suite struct TraceParentTests {
    @Test("A traceparent is read and written as it came")
    func roundTrip() throws {
        let place = try #require(TraceParent(sample))
        #expect(place.text == sample && place.isSampled)
        #expect(place.traceID == "0af7651916cd43dd8448eb211c80319c" && place.spanID == "b7ad6b7169203331")
    }

    @Test("Unknown flags are not passed on, and a later version is read as far as it is known")
    func tolerated() throws {
        let flags = try #require(TraceParent(sample.dropLast(2) + "fe"))
        #expect(!flags.isSampled && flags.text.hasSuffix("-00"))
        for later in ["cc" + sample.dropFirst(2), "01" + sample.dropFirst(2) + "-what-comes.then"] {
            #expect(TraceParent(later)?.text == sample)
        }
    }

    @Test(
        "What the standard calls invalid is no traceparent",
        arguments: [
            "", "00", sample.uppercased(), " " + sample, sample + " ", sample + "-", sample + "-00",
            String(sample.dropLast()),
            "ff" + sample.dropFirst(2), "01" + sample.dropFirst(2) + "x", "0g" + sample.dropFirst(2),
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0af7651916cd43dd8448eb211c80319-cb7ad6b7169203331-01",
            "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01", sample + ", " + sample,
            "00-0af7651916cd43dd8448eb211c8031\u{00e9}-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0\n",
            "01" + sample.dropFirst(2) + "-"
                + String(repeating: "x", count: 1_000_000),
        ])
    func refused(text: String) {
        #expect(TraceParent(text) == nil)
    }
}
