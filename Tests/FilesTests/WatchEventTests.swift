import CFiles
import Testing

@Suite("What the kernel's words mean")
struct WatchEventTests {
    /// As inotify(7) lays it out: watch, mask, cookie, length of the name with its padding, the name.
    private static func event(_ watch: Int32, _ mask: UInt32, _ name: String = "") -> [UInt8] {
        let padded = name.isEmpty ? [] : Array(name.utf8) + [UInt8](repeating: 0, count: 16 - name.utf8.count % 16)
        return [UInt32(bitPattern: watch), mask, 0, UInt32(padded.count)].flatMap { word in
            (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * UInt32($0))) }
        } + padded
    }

    private static func read(_ bytes: [UInt8]) -> [(watch: Int32, what: UInt32, name: String)] {
        var events: [(Int32, UInt32, String)] = []
        var at = 0
        while at < bytes.count {
            var event = sillon_watch_event()
            at = sillon_watch_event_at(bytes, bytes.count, at, &event)
            let name = bytes[event.name_offset..<event.name_offset + event.name_size]
            events.append((event.watch, event.what, String(decoding: name, as: UTF8.self)))
        }
        return events
    }

    @Test("Events follow each other, with names of any length")
    func several() {
        let bytes =
            Self.event(3, 0x8, "1.mp3") + Self.event(4, 0x4000_0100, "a name of more than sixteen bytes")
            + Self.event(5, 0x400)
        let events = Self.read(bytes)
        #expect(events.map(\.watch) == [3, 4, 5])
        #expect(events.map(\.name) == ["1.mp3", "a name of more than sixteen bytes", ""])
        #expect(events[0].what == UInt32(SILLON_WATCH_WRITTEN))
        #expect(events[1].what == UInt32(SILLON_WATCH_MADE) | UInt32(SILLON_WATCH_IS_FOLDER))
        #expect(events[2].what == UInt32(SILLON_WATCH_SELF_WENT))
    }

    @Test("An overflow says that events are missing; it belongs to no watch")
    func overflow() {
        let events = Self.read(Self.event(-1, 0x4000))
        #expect(events.count == 1 && events[0].watch == -1 && events[0].what == UInt32(SILLON_WATCH_LOST))
    }

    @Test("What is cut off is not read beyond its end")
    func cutOff() {
        let whole = Self.event(3, 0x8, "1.mp3")
        for length in 1..<whole.count {
            let events = Self.read(Array(whole.prefix(length)))
            #expect(events.count == 1 && events[0].what == 0 && events[0].name == "")
        }
    }
}
