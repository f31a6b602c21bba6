import Contracts
import Domain
import Foundation
import Testing

@Suite struct UpcastersTests {
    /// A made-up history of `index_file`: version 2 renamed `path`, version 3 added `priority`.
    private static let steps: [TaskKind: [Int: Upcasters.Step]] = [
        .indexFile: [
            1: { try edit($0) { $0["file_path"] = $0.removeValue(forKey: "path") } },
            2: { try edit($0) { $0["priority"] = .string("low") } },
        ]
    ]

    private static func edit(_ json: Data, _ change: (inout [String: JSONValue]) -> Void) throws -> Data {
        var members = try JSONDecoder().decode([String: JSONValue].self, from: json)
        change(&members)
        return Data(ContractJSON.encode(members).utf8)
    }

    private func lift(_ kind: TaskKind, from version: Int, _ json: String) throws -> String {
        String(
            decoding: try Upcasters.lift(kind: kind, from: version, json: Data(json.utf8), steps: Self.steps),
            as: UTF8.self)
    }

    @Test("Every step from the payload's version on is taken, in order")
    func allSteps() throws {
        #expect(try lift(.indexFile, from: 1, #"{"path":"/a"}"#) == #"{"file_path":"/a","priority":"low"}"#)
        #expect(try lift(.indexFile, from: 2, #"{"file_path":"/a"}"#) == #"{"file_path":"/a","priority":"low"}"#)
    }

    @Test("The newest version and other kinds are left as they are")
    func untouched() throws {
        #expect(try lift(.indexFile, from: 3, #"{"path":"/a"}"#) == #"{"path":"/a"}"#)
        #expect(try lift(.analyzeAudio, from: 1, #"{"path":"/a"}"#) == #"{"path":"/a"}"#)
    }

    @Test("A step that cannot read its input fails the lift")
    func badInput() {
        #expect(throws: DecodingError.self) { try lift(.indexFile, from: 1, "[]") }
    }

    @Test("The real steps lead from version 1 to the current one without a gap", arguments: TaskKind.allCases)
    func noGap(kind: TaskKind) {
        let versions = Upcasters.steps[kind].map { $0.keys.sorted() } ?? []
        #expect(versions == Array(1..<kind.currentVersion))
    }
}
