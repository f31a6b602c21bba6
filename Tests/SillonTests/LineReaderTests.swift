import Foundation
import Testing

@testable import sillon

@Suite struct LineReaderTests {
    private func lines(_ bytes: [UInt8], maxBytes: Int) throws -> [LineReader.Line] {
        let file = NSTemporaryDirectory() + "sillon-lines-\(UUID().uuidString)"
        try Data(bytes).write(to: URL(filePath: file))
        defer { unlink(file) }
        var reader = try LineReader(path: file, maxBytes: maxBytes)
        var lines: [LineReader.Line] = []
        while let line = try reader.next() { lines.append(line) }
        return lines
    }

    @Test("Lines come without their ends; the last one may have none")
    func plain() throws {
        #expect(try lines(Array("a\n\nbc".utf8), maxBytes: 9) == [.text("a"), .text(""), .text("bc")])
        #expect(try lines(Array("a\n".utf8), maxBytes: 9) == [.text("a")])
        #expect(try lines([], maxBytes: 9).isEmpty)
        #expect(try lines([0xFF, 0x0A], maxBytes: 9) == [.text("\u{FFFD}")])
    }

    @Test("A line that is too long is passed over, whatever the buffer holds", arguments: [5, 65_535, 65_536, 200_000])
    func tooLong(length: Int) throws {
        let long = [UInt8](repeating: 0x61, count: length) + [0x0A]
        #expect(try lines(long + [0x62, 0x0A] + long, maxBytes: length - 1) == [.tooLong, .text("b"), .tooLong])
        #expect(try lines(long + [0x62], maxBytes: length).map { $0.text?.utf8.count } == [length, 1])
    }

    @Test("A file that is not there, or is a folder, is an error with a reason")
    func missing() {
        #expect(throws: CommandError.self) { _ = try LineReader(path: "/nowhere/at all", maxBytes: 1) }
        #expect(throws: CommandError.self) {
            var reader = try LineReader(path: "/", maxBytes: 1)
            _ = try reader.next()
        }
    }
}
