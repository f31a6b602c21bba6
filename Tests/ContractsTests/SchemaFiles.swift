import Contracts
import Foundation
import Testing

/// The schemas and golden files of `common/schemas`, found from where this file lies.
enum SchemaFiles {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("common/schemas").standardizedFileURL

    /// A golden file: `index_file.v1.unicode.json` is a case of the message `index_file`.
    struct Golden: CustomTestStringConvertible, Sendable {
        let kind: String
        let fileName: String

        var message: String { String(fileName.prefix { $0 != "." }) }
        var path: String { "golden/\(kind)/\(fileName)" }
        var schema: String { "\(kind)/\(message).v1.json" }
        var testDescription: String { path }
    }

    static func golden(_ kind: String) -> [Golden] {
        // No folder means no golden files, and a test below counts them.
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/golden/" + kind)  // see above
        return (names ?? []).sorted().filter { $0.hasSuffix(".json") }.map { Golden(kind: kind, fileName: $0) }
    }

    static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: folder.appendingPathComponent(path)), as: UTF8.self)
    }

    static func json(_ path: String) throws -> JSONValue {
        try ContractJSON.decode(JSONValue.self, from: text(path))
    }
}
