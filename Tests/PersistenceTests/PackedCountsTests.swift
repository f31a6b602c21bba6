import Testing

@testable import Persistence

@Suite("Histograms as bytes")
struct PackedCountsTests {
    @Test(
        "Counts come back as they were",
        arguments: [
            [], [0], [1], [0, 0, 0], [127, 128, 16_383, 16_384, .max], [0, 5, 0, 0, 0, 7, 0],
            Array(repeating: 0, count: PackedCounts.binsMax), Array(repeating: .max, count: PackedCounts.binsMax),
        ] as [[UInt32]])
    func roundTrip(counts: [UInt32]) throws {
        #expect(PackedCounts.counts(in: try #require(PackedCounts.bytes(of: counts))) == counts)
    }

    @Test("Zeros take no room")
    func zeros() {
        #expect(PackedCounts.bytes(of: [3] + Array(repeating: 0, count: 1000))?.count == 4)
    }

    @Test("More bins than a histogram has are not packed")
    func tooMany() {
        #expect(PackedCounts.bytes(of: Array(repeating: 1, count: PackedCounts.binsMax + 1)) == nil)
    }

    @Test(
        "Bytes of another form are no counts",
        arguments: [
            [0x80], [1, 0x80], [0], [0xff, 0xff, 0xff, 0xff, 0x7f], [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1],
            [0, 0xff, 0xff, 0xff, 0xff, 0x0f],
        ] as [[UInt8]])
    func malformed(bytes: [UInt8]) {
        #expect(PackedCounts.counts(in: bytes) == nil)
    }
}
