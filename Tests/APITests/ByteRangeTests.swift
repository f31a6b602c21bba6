import Testing

@testable import API

@Suite struct ByteRangeTests {
    @Test(
        "One range of bytes is a part of the file; what is not understood is the whole",
        arguments: [
            (nil, ByteRange.whole), ("bytes=0-", .part(0..<100)), ("bytes=40-", .part(40..<100)),
            ("bytes=0-0", .part(0..<1)), ("bytes=10-19", .part(10..<20)), ("bytes=90-1000", .part(90..<100)),
            ("bytes=-10", .part(90..<100)), ("bytes=-1000", .part(0..<100)), ("bytes=100-", .unsatisfiable),
            ("bytes=-0", .unsatisfiable), ("bytes=5-4", .whole), ("bytes=0-1,3-4", .whole), ("items=0-1", .whole),
            ("bytes=", .whole), ("bytes=-", .whole), ("bytes=a-b", .whole), ("bytes=+1-2", .whole),
            ("bytes=99999999999999999999-", .unsatisfiable), ("bytes=0-99999999999999999999", .part(0..<100)),
            ("bytes=-9999999999999999999", .part(0..<100)),
            ("bytes=99999999999999999998-99999999999999999999", .unsatisfiable),
            ("bytes=" + String(repeating: "0", count: 300) + "-9", .whole),
        ])
    func parse(header: String?, range: ByteRange) {
        #expect(ByteRange.parse(header, size: 100) == range)
    }

    @Test("An empty file has no range")
    func empty() {
        #expect(ByteRange.parse("bytes=0-", size: 0) == .unsatisfiable)
        #expect(ByteRange.parse(nil, size: 0) == .whole)
    }
}
