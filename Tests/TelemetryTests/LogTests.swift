import Domain
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

    @Test("One event is one line whatever is in it", arguments: LogFormat.allCases)
    func oneLine(format: LogFormat) throws {
        let invalid = String(decoding: [0xff, 0xc3, 0x28, 0x00, 0xed, 0xa0, 0x80] as [UInt8], as: UTF8.self)
        for hostile in [
            "a\nb", "\r\n", "\u{0}", "\u{1B}[2J", "\u{2028}\u{2029}", "\u{85}", "\u{202E}", "\u{7F}", invalid,
        ] {
            let lines = Lines()
            logger(format, lines).info(
                "A file", metadata: ["path": "\(hostile)", "key\(hostile)": "x", "list": .array(["\(hostile)"])])
            let all = lines.all.withLock { $0 }
            #expect(all.count == 1 && !all[0].dropLast().unicodeScalars.contains(where: ControlCharacters.isUnsafe))
            if format == .json { #expect(try object(all[0])["path"] == hostile) }
        }
    }

    @Test("Each line says for which task and in which trace it was written")
    func work() throws {
        let lines = Lines()
        let logger = Logger(label: "test") { label in
            LineLogHandler(
                label: label, level: .trace, format: .json, now: { 0 }, metadataProvider: .work, write: lines.add)
        }
        let task = TaskFields(id: 7, kind: .analyzeAudio, run: 2, scanID: "s", trackID: 9)
        let place = TraceParent(traceHigh: 1, traceLow: 2, span: 3, isSampled: true)
        WorkContext(trace: place, task: task).runNow { logger.info("x") }
        logger.info("y")
        let told = try lines.all.withLock { try $0.map(object) }
        #expect(told[0]["task_id"] == "7" && told[0]["scan_id"] == "s" && told[0]["track_id"] == "9")
        #expect(told[0]["kind"] == "analyze_audio" && told[0]["attempt"] == "2")
        #expect(told[0]["trace_id"] == place.traceID && told[0]["span_id"] == "0000000000000003")
        #expect(told[1]["task_id"] == nil && told[1]["trace_id"] == nil)
    }

    @Test(
        "A secret in the text of an error is hidden, and the rest is told",
        arguments: [
            ("GET https://x.example/2.0/?method=a&api_key=hunter2&b=c failed", "method=a&api_key=[hidden]&b=c failed"),
            ("https://ada:hunter2@db.example/x", "https://ada:[hidden]@db.example/x"),
            ("Authorization: Bearer hunter2hunter2", "Authorization: Bearer [hidden]"),
            ("authorization: Token hunter2hunter2, then", "Token [hidden], then"),
            ("the key s3cret-of-settings was refused", "the key [hidden] was refused"),
            ("token sillon_hunter2hunter2hunter2hunter2 is revoked", "token [hidden] is revoked"),
            ("postgres://sillon:hunter2@h/db?password=hunter2&sslmode=x", "password=[hidden]&sslmode=x"),
        ])
    func secretsInText(text: String, shown: String) throws {
        let lines = Lines()
        let logger = Logger(label: "test") { label in
            LineLogHandler(
                label: label, level: .trace, format: .json, now: { 0 },
                secrets: SecretText(["s3cret-of-settings", ""]),
                write: lines.add)
        }
        logger.info("x", metadata: [LogKeys.error: "\(text)"])
        let line = try #require(lines.all.withLock { $0.first })
        let error = try #require(try object(line)["error"])
        #expect(error.contains(shown) && !error.contains("hunter2") && !error.contains("s3cret"), "\(error)")
    }

    @Test(
        "Keys, passwords and cookies are hidden however they are written",
        arguments: [
            ("x-api-key: hunter2", "x-api-key: [hidden]"), ("api_key: hunter2, next", "api_key: [hidden], next"),
            ("{'api_key': 'hunter2', 'a': 1}", "{'api_key': '[hidden]', 'a': 1}"),
            (#"{"password":"a\"hunter2","b":"c"}"#, #"{"password":"[hidden]","b":"c"}"#),
            (#"{\"access_token\":\"hunter2\",\"b\":1}"#, #"{\"access_token\":\"[hidden]\",\"b\":1}"#),
            (#"apiKey: Optional("hunter2") end"#, #"apiKey: [hidden]") end"#),
            ("password='hunter2 hunter2' host=x", "password='[hidden]' host=x"),
            ("X-Auth-Token: hunter2", "X-Auth-Token: [hidden]"), ("the secret: hunter2hunter2", "secret: [hidden]"),
            ("https://ada:p@hunter2@db.example/x", "https://ada:[hidden]@db.example/x"),
            ("https://hunter2@api.example/x", "https://[hidden]@api.example/x"),
            ("postgres://ada:hun/ter2hunter2@db/x", "postgres://ada:[hidden]@db/x"),
            ("Cookie: a=hunter2; b=hunter2", "Cookie: [hidden]"),
            ("Set-Cookie: sid=hunter2; Path=/\nnext", "Set-Cookie: [hidden]\nnext"),
            ("Authorization: hunter2", "Authorization: [hidden]"),
            (#"{"authorization":"Bearer hunter2hunter2","a":1}"#, #""Bearer [hidden]","a":1}"#),
            (#"Authorization: Digest username="ada", response="hunter2""#, "Digest [hidden]"),
            ("the key whsec_hunter2hunter2hunter2 is old", "the key [hidden] is old"),
            ("Incorrect API key provided: sk-hunter2hunter2hunter2", "provided: [hidden]"),
            ("Incorrect API key provided: Bearer superhunter2. See", "Bearer [hidden]"),
        ])
    func secretsHoweverWritten(text: String, shown: String) {
        let masked = SecretText.none.masked(text)
        #expect(masked.contains(shown) && !masked.contains("hunter2"), "\(masked)")
        #expect(SecretText.none.masked(masked) == masked)
    }

    @Test(
        "What only sounds like a secret stays readable",
        arguments: [
            "the token is gone", "token: expired", "no API key: see https://example.org/keys",
            "basic authentication is off",
            "bearer authentication is needed", "the cookie: it has ended", #""key":"C minor""#, "key: A flat",
            "monkey=banana", "prompt_tokens=12", "http://127.0.0.1:4318/v1/traces", "http://[::1]:80/a@b",
            "a song called \"Secret: Garden\"", "sk-folk", "task-1234567890", "the file /music/cookie=jar: of flac",
            "sillon_task_runs", "12:30:15", "ä: ö = ü", "https://example.org/@ada", "keyboard: broken", "", ":", "=",
            "\"=",
        ])
    func harmless(text: String) {
        #expect(SecretText.none.masked(text) == text)
    }

    @Test("Hostile texts are looked through once", .timeLimit(.minutes(1)))
    func hostileLength() {
        let parts = [
            "://", "://a:b", "://a@", "://a:x ", "key:", "cookie:", "cookie:a", "authorization:",
            "authorization:bearer ",
            "token ", "bearer  ", "key:\"", "key:'\"", "password:\\\"", "sillon_", "sk-", "=", ":", "\"", "\\", " ",
            "api key provided", "a=b ", "key: a=", "cookie: =",
        ]
        for part in parts {
            let text = String(repeating: part, count: 200_000 / part.utf8.count)
            let start = ContinuousClock.now
            _ = SecretText.none.masked(text)
            #expect(ContinuousClock.now - start < .seconds(5), "\(part)")
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
        logger(.text, lines).error("It broke", metadata: ["path": "/a b\n", "count": "3"])
        #expect(lines.all.withLock { $0 } == ["12:00:00 error    It broke  count=3  path=\"/a b\\n\"\n"])
    }

    @Test(
        "A value for people cannot pass for another field, and what is escaped can be told from what is written so",
        arguments: [
            (#"a" b="c"#, #""a\" b=\"c""#), (#"\n"#, #""\\n""#), ("\n", #""\n""#), ("a=b", #""a=b""#), ("", #""""#),
            ("plain/é", "plain/é"),
        ])
    func humanValue(value: String, shown: String) {
        let lines = Lines()
        logger(.text, lines).info("x", metadata: ["path": "\(value)"])
        #expect(lines.all.withLock { $0 } == ["12:00:00 info     x  path=\(shown)\n"])
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
