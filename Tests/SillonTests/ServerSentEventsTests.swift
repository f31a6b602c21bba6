import Testing

@testable import sillon

@Suite struct ServerSentEventsTests {
    private let stream = "event: progress\ndata: {\"a\":1}\n\n: ping\n\nid: 7\ndata: one\ndata: two\r\n\r\ndata:x\n\n"

    private let events: [ServerSentEvents.Event] = [
        .init(name: "progress", data: "{\"a\":1}"), .init(data: "one\ntwo", id: "7"), .init(data: "x"),
    ]

    @Test("A stream is cut into the same events wherever its bytes are split", arguments: [1, 2, 3, 7, 1000])
    func anySplit(size: Int) throws {
        var parser = ServerSentEvents()
        var found: [ServerSentEvents.Event] = []
        let bytes = Array(stream.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            found += try parser.feed(bytes[start..<min(start + size, bytes.count)])
        }
        #expect(found == events)
    }

    @Test("Comments and events without data say nothing")
    func silence() throws {
        var parser = ServerSentEvents()
        #expect(try parser.feed(Array(": ping\n\nevent: x\n\n".utf8)).isEmpty)
    }

    @Test("An event without end is refused")
    func endless() {
        var parser = ServerSentEvents()
        #expect(throws: ServerSentEvents.Problem.eventTooLong) {
            _ = try parser.feed([UInt8](repeating: 0x61, count: ServerSentEvents.maxEventBytes + 1))
        }
    }
}
