import Foundation
import Logging
import Synchronization
import Telemetry
import Testing

private final class Lines: Sendable {
    let all = Mutex<[String]>([])
    func add(_ line: String) { all.withLock { $0.append(line) } }
}

private func logger(_ format: LogFormat, _ lines: Lines, level: Logger.Level = .trace) -> Logger {
    Logger(label: "test") { label in
        LineLogHandler(label: label, level: level, format: format, now: { 1_772_366_400_123_456 }, write: lines.add)
    }
}

private func object(_ line: String) throws -> [String: String] {
    try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
}

@Suite struct LogTests {
    @Test("An event is one line of JSON with time, level, message, label and its metadata")
    func jsonLine() throws {
        let lines = Lines()
        logger(.json, lines).warning("The worker was lost", metadata: [LogKeys.taskID: "7"])
        let line = try #require(lines.all.withLock { $0.first })
        #expect(line.hasSuffix("}\n"))
        #expect(line.count { $0 == "\n" } == 1)
        #expect(
            try object(line) == [
                "time": "2026-03-01T12:00:00.123456Z", "level": "warning", "message": "The worker was lost",
                "label": "test", "task_id": "7",
            ])
    }

    @Test("Names with line ends and escape sequences stay on one line and come back as they were")
    func hostileValue() throws {
        let lines = Lines()
        let name = "a\nb\r\u{1B}[2J\u{202E}\u{85}\u{2028}\"\\\u{E0041}"
        logger(.json, lines).info("A file", metadata: [LogKeys.path: "\(name)"])
        let line = try #require(lines.all.withLock { $0.first })
        #expect(!line.dropLast().unicodeScalars.contains(where: ControlCharacters.isUnsafe))
        #expect(try object(line)["path"] == name)
    }

    @Test("Nested metadata becomes flat fields")
    func nested() throws {
        let lines = Lines()
        logger(.json, lines).info("x", metadata: ["a": ["b": "1", "c": .array(["2", "3"])]])
        let fields = try object(try #require(lines.all.withLock { $0.first }))
        #expect(fields["a.b"] == "1")
        #expect(fields["a.c.1"] == "3")
    }

    @Test("Metadata cannot take the place of the message or the time")
    func reservedNames() throws {
        let lines = Lines()
        logger(.json, lines).info("real", metadata: ["message": "forged", "time": "never"])
        let fields = try object(try #require(lines.all.withLock { $0.first }))
        #expect(fields["message"] == "real")
        #expect(fields["message_"] == "forged")
    }

    @Test(
        "A field with the name of a secret hides its value",
        arguments: ["token", "access_token", "Authorization", "password", "api_key", "client_secret", "set-cookie"])
    func secrets(name: String) throws {
        for format in LogFormat.allCases {
            let lines = Lines()
            logger(format, lines).info("x", metadata: [name: "hunter2", "nested": [name: "hunter2"]])
            let line = try #require(lines.all.withLock { $0.first })
            #expect(!line.contains("hunter2"))
            #expect(line.contains(LogRecord.hidden))
        }
    }

    @Test("The id of a token is no secret")
    func tokenID() throws {
        let lines = Lines()
        logger(.json, lines).info("x", metadata: [LogKeys.tokenID: "12"])
        #expect(try object(try #require(lines.all.withLock { $0.first }))["token_id"] == "12")
    }

    @Test("A line for people has its escapes visible and its fields in order")
    func humanLine() {
        let lines = Lines()
        logger(.human, lines).error("It broke", metadata: ["path": "/a b\n", "count": "3"])
        #expect(lines.all.withLock { $0 } == ["12:00:00 error    It broke  count=3  path=\"/a b\\n\"\n"])
    }

    @Test("Events below the level are not written")
    func level() {
        let lines = Lines()
        logger(.json, lines, level: .warning).info("quiet")
        #expect(lines.all.withLock { $0.isEmpty })
    }

    @Test("A value of megabytes is cut")
    func longValue() throws {
        let lines = Lines()
        logger(.json, lines).info("x", metadata: ["path": "\(String(repeating: "é", count: 1_000_000))"])
        #expect(try #require(lines.all.withLock { $0.first }).utf8.count < 10_000)
    }
}

@Suite struct RFC3339Tests {
    @Test(
        "Times agree with the system's calendar",
        arguments: [0, -1, 951_782_400_000_000, 1_709_164_799_999_999, 4_102_444_800_000_000, -2_208_988_800_000_000])
    func agreesWithFoundation(microseconds: Int64) {
        let formatter = ISO8601DateFormatter()
        let seconds = (Double(microseconds) / 1e6).rounded(.down)
        let expected = formatter.string(from: Date(timeIntervalSince1970: seconds)).dropLast()
        #expect(RFC3339.text(microseconds: microseconds).hasPrefix(expected))
    }
}
