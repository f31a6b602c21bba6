import Contracts
import Domain
import Foundation
import Testing

@Suite struct TaskPayloadTests {
    @Test("A payload of a newer version is told apart, whatever it holds", arguments: TaskKind.allCases)
    func newerVersion(kind: TaskKind) {
        let version = kind.currentVersion + 1
        for json in ["{}", "not JSON", #"{"unheard_of": true}"#] {
            #expect(throws: TaskPayload.Problem.versionTooNew(version)) {
                try TaskPayload.decode(kind: kind, version: version, json: json)
            }
        }
    }

    @Test("A version below one is malformed", arguments: [0, -1, Int.min])
    func versionZero(version: Int) {
        #expect(throws: TaskPayload.Problem.malformed("version must be 1 or more")) {
            try TaskPayload.decode(kind: .indexFile, version: version, json: #"{"file_path": "/a"}"#)
        }
    }

    @Test(
        "A malformed payload names the field, or says that a number may not fit",
        arguments: [
            (TaskKind.indexFile, "{}", "file_path"), (.indexFile, #"{"file_path": 3}"#, "file_path"),
            (.indexFile, #"{"file_path": null}"#, "file_path"),
            (.indexFile, #"{"file_path": "bytes:0g"}"#, "file_path"),
            (.indexFile, #"{"file_path": "bytes:abc"}"#, "file_path"),
            (.indexFile, #"{"file_path": "/a", "priority": "urgent"}"#, "priority"),
            (.indexFile, #"{"file_path": "/a", "until": 7}"#, "until"),
            (.indexFile, #"{"file_path": "/a", "track_id": 1e30}"#, "number"),
            (
                .scanLibrary, #"{"path": "/a", "root_path": "/a", "scan_id": "x", "mode": "slow", "priority": "low"}"#,
                "mode"
            ),
            (.scanLibrary, #"{"path": "/a", "root_path": "/a", "mode": "full", "priority": "low"}"#, "scan_id"),
            (.analyzeAudio, #"{"track_id": "one"}"#, "track_id"), (.analyzeAudio, #"{"track_id": 1.5}"#, "number"),
            (.vectorizeTrack, #"{"track_id": 1, "features": "AAA="}"#, "features"),
            (.vectorizeTrack, #"{"track_id": 1, "features": "%%"}"#, "features"),
        ])
    func malformed(kind: TaskKind, json: String, field: String) {
        #expect {
            try TaskPayload.decode(kind: kind, version: 1, json: json)
        } throws: { error in
            guard case .malformed(let message) = error as? TaskPayload.Problem else { return false }
            return message.contains(field)
        }
    }

    @Test("What is no JSON object is malformed", arguments: ["", "{", "[1]", "\"text\"", "null", "\u{0}"])
    func noObject(json: String) {
        #expect {
            try TaskPayload.decode(kind: .indexFile, version: 1, json: json)
        } throws: { error in
            if case .malformed = error as? TaskPayload.Problem { true } else { false }
        }
    }

    @Test("A no-op counts down its followers, and carries whatever it likes")
    func noopChain() throws {
        let payload = try TaskPayload.decode(kind: .noop, version: 1, json: #"{"followers":1,"note":"n"}"#)
        let chain = NoopChain(followers: 1, note: "n")
        #expect(payload == .noopChain(chain))
        #expect(payload.json() == #"{"followers":1,"note":"n"}"#)
        #expect(chain.next == NoopChain(followers: 0, note: "n"))
        #expect(chain.next?.next == nil)
        #expect(try TaskPayload.decode(kind: .noop, version: 1, json: #"{"anything": [1]}"#) == .noop)
    }

    @Test("A chain of no-ops has an end", arguments: ["-1", "101", "9223372036854775807"])
    func endlessNoops(followers: String) {
        #expect(throws: TaskPayload.Problem.malformed("followers is 0 to 100")) {
            try TaskPayload.decode(kind: .noop, version: 1, json: "{\"followers\":\(followers)}")
        }
    }

    @Test("A field that this build does not know is passed over")
    func unknownField() throws {
        let payload = try TaskPayload.decode(
            kind: .indexFile, version: 1, json: #"{"file_path": "/a", "mood": "blue"}"#)
        #expect(
            payload == .indexFile(IndexFilePayload(filePath: FilePath("/a"), rootPath: nil, scanID: nil, priority: nil))
        )
    }

    @Test("Equal payloads are equal text, so that a dedupe key can be made of it")
    func canonical() throws {
        let texts = [
            #"{"scan_id": "s", "file_path": "/a"}"#, #"{ "file_path":"/a" , "scan_id":"s" }"#,
            #"{"file_path": "\u002fa", "scan_id": "s"}"#,
        ]
        let encoded = try texts.map { try TaskPayload.decode(kind: .indexFile, version: 1, json: $0).json() }
        #expect(Set(encoded) == [#"{"file_path":"/a","scan_id":"s"}"#])
    }
}
