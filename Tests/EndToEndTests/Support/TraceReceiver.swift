import Contracts
import Foundation
import TestSupport

/// Takes traces and holds them against OTLP's own protobuf definitions.
struct TraceReceiver {
    let url: String
    private let file: String
    private let process: SpawnedProcess

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "otlp")

    /// - Parameter unavailable: so many requests are refused for now.
    init(_ lab: Lab, unavailable: Int = 0) async throws {
        let python = try await PythonEnvironment.python(
            Self.folder.appending(path: "requirements.txt"), name: "otlp", use: "what is sent of traces")
        let file = lab.folder + "/spans"
        let script = Self.folder.appending(path: "receiver.py").path
        let process = try lab.start([script, file, String(unavailable)], program: python)
        let port = try await until("the receiver listens") { () -> String? in
            if process.exit != nil { throw Client.Unexpected(description: process.words) }
            let text = Lab.text(process.output)
            return text.hasSuffix("\n") ? text.trimmingCharacters(in: .whitespacesAndNewlines) : nil
        }
        url = "http://127.0.0.1:\(port)"
        self.file = file
        self.process = process
    }

    struct Span {
        let json: JSONValue

        var trace: String { json["trace"]?.text ?? "" }
        var id: String { json["span"]?.text ?? "" }
        var parent: String { json["parent"]?.text ?? "" }
        var name: String { json["name"]?.text ?? "" }
        var links: [String] { json["links"]?.list.compactMap(\.text) ?? [] }
        var hasFailed: Bool { json["failed"]?.flag ?? false }
        var processID: Int64? { json["resource"]?["process.pid"]?.int }
        func attribute(_ name: String) -> JSONValue? { json["attributes"]?[name] }
    }

    /// What came by now. Throws when something was not as OTLP has it.
    func spans() throws -> [Span] {
        let lines = Lab.text(file).split(separator: "\n")
        return try lines.map { line in
            let json = try ContractJSON.decode(JSONValue.self, from: String(line))
            if let problem = json["problem"]?.text { throw Client.Unexpected(description: problem) }
            return Span(json: json)
        }
    }
}
