import Contracts
import Domain
import Foundation
import Testing

/// The short way of index payloads must never say anything else than the long one.
@Suite struct FlatJSONTests {
    private static let payloads: [IndexFilePayload] = {
        let paths: [FilePath] = [
            FilePath("/music/a.mp3"), FilePath("/Müsik/東京/🎧.flac"), FilePath("/a \"quoted\" \\ name"),
            FilePath("/line\nbreak/tab\t/\u{7F}"), FilePath(bytes: Array("/not UTF-8 ".utf8) + [0xFF, 0x80]),
        ]
        return paths.flatMap { path in
            [
                IndexFilePayload(filePath: path, rootPath: nil, scanID: nil, priority: nil),
                IndexFilePayload(
                    filePath: path, rootPath: FilePath("/"), scanID: "0b5e", priority: .low, until: .index,
                    trackID: -7, refresh: true, size: .max, mtimeNs: .min, acceptOlder: false),
                IndexFilePayload(
                    filePath: path, rootPath: path, scanID: "", priority: .high, until: .vector, trackID: 0,
                    refresh: false, size: 999_999_999_999_999_999, mtimeNs: -1, acceptOlder: true),
            ]
        }
    }()

    @Test("An index payload is written as a JSON encoder with sorted keys would write it", arguments: payloads)
    func writes(payload: IndexFilePayload) {
        #expect(TaskPayload.indexFile(payload).json() == ContractJSON.encode(payload))
    }

    @Test("An index payload is read back as it was", arguments: payloads)
    func readsBack(payload: IndexFilePayload) throws {
        let json = TaskPayload.indexFile(payload).json()
        #expect(try TaskPayload.decode(kind: .indexFile, version: 1, json: json) == .indexFile(payload))
    }

    @Test(
        "What a JSON decoder makes of an index payload is what is made of it",
        arguments: [
            #"{"file_path":"/a"}"#, #"{ "file_path" : "/a" }"#, #"{"file_path":"/a",}"#, #"{"file_path":"/a"} "#,
            #"{"file_path":"/a"}x"#, #"{"file_path":"/a""#, #"{"file_path":"\u002fa"}"#, #"{"file_path":"/a\/b"}"#,
            #"{"file_path":"/a","size":007}"#, #"{"file_path":"/a","size":-}"#, #"{"file_path":"/a","size":1.0}"#,
            #"{"file_path":"/a","size":9223372036854775807}"#, #"{"file_path":"/a","size":9223372036854775808}"#,
            #"{"file_path":"/a","size":-9223372036854775808}"#, #"{"file_path":"/a","size":-0}"#,
            #"{"file_path":"/a","size":null}"#, #"{"file_path":"/a","size":true}"#, #"{"file_path":"/a","size":"1"}"#,
            #"{"file_path":"/a","refresh":truely}"#, #"{"file_path":"/a","refresh":1}"#,
            #"{"file_path":"/a","unknown":"x"}"#, #"{"file_path":"/a","unknown":{"file_path":"/b"}}"#,
            #"{"file_path":"/a","until":"never"}"#, #"{"file_path":"bytes:2f"}"#, #"{"file_path":"bytes:2"}"#,
            #"{"root_path":"/a"}"#, "{}", "", "{", "{\"", "{\"file_path\":\"/a\n\"}", "{\"file_path\":\"/a\u{0}\"}",
        ])
    func agrees(json: String) {
        let expected = Result { try ContractJSON.decode(IndexFilePayload.self, from: json) }
        let actual = Result { try TaskPayload.decode(kind: .indexFile, version: 1, json: json) }
        switch (expected, actual) {
        case (.success(let payload), .success(let read)): #expect(read == .indexFile(payload))
        case (.failure, .failure): break
        default: Issue.record("\(json): \(actual) instead of \(expected)")
        }
    }
}
