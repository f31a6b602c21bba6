/// Cuts a `text/event-stream` into events (WHATWG HTML, "Server-sent events"). Pure: bytes in, events out.
struct ServerSentEvents: Sendable {
    struct Event: Hashable, Sendable {
        /// `message` when the stream does not say.
        var name = "message"
        var data = ""
        var id: String?
    }

    enum Problem: Error, Hashable {
        /// An event without end: the stream is given up.
        case eventTooLong
    }

    /// Bytes of one event.
    static let maxEventBytes = 1 << 20

    private var line: [UInt8] = []
    private var lastWasCarriageReturn = false
    private var event = Event()
    private var hasData = false
    private var bytesInEvent = 0

    /// The events that `bytes` complete.
    mutating func feed(_ bytes: some Sequence<UInt8>) throws(Problem) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            bytesInEvent += 1
            guard bytesInEvent <= Self.maxEventBytes else { throw .eventTooLong }
            let follows = lastWasCarriageReturn
            lastWasCarriageReturn = byte == UInt8(ascii: "\r")
            if byte == UInt8(ascii: "\n"), follows { continue }
            guard byte == UInt8(ascii: "\n") || lastWasCarriageReturn else {
                line.append(byte)
                continue
            }
            if let complete = endLine() { events.append(complete) }
        }
        return events
    }

    private mutating func endLine() -> Event? {
        defer { line.removeAll(keepingCapacity: true) }
        if line.isEmpty {
            defer { (event, hasData, bytesInEvent) = (Event(), false, 0) }
            return hasData ? event : nil
        }
        let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        var value = parts.count > 1 ? parts[1] : []
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        let text = String(decoding: value, as: UTF8.self)
        switch String(decoding: parts[0], as: UTF8.self) {
        case "event": event.name = text
        case "id": event.id = text
        case "data":
            event.data += (hasData ? "\n" : "") + text
            hasData = true
        default: break  // comments and fields of no use here
        }
        return nil
    }
}
