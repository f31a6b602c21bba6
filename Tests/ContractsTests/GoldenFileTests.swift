import Contracts
import Domain
import Testing

/// The golden files decode for ever: a change that breaks one needs a new version and an upcaster.
@Suite struct GoldenFileTests {
    @Test("There is a golden file for every kind of task and every outcome")
    func coverage() {
        #expect(Set(SchemaFiles.golden("task").map(\.message)) == Set(TaskKind.allCases.map(\.rawValue)))
        #expect(
            Set(SchemaFiles.golden("outcome").map(\.message)) == [
                "scan_complete", "index_complete", "analysis_complete", "vector_complete", "text_vector_complete",
                "map_projected", "listens_submitted", "artwork_found", "artwork_absent", "download_complete",
                "enriched", "webhook_delivered", "noop_complete",
            ])
        #expect(
            Set(SchemaFiles.golden("event").map(\.message))
                == Set(["progress", "end"] + AnnouncementTopic.allCases.map(\.rawValue)))
    }

    @Test("A task's payload decodes, and encodes to what it was", arguments: SchemaFiles.golden("task"))
    func tasks(golden: SchemaFiles.Golden) throws {
        let envelope = try ContractJSON.decode(TaskEnvelope.self, from: SchemaFiles.text(golden.path))
        let kind = try #require(TaskKind(rawValue: envelope.task))
        #expect(envelope.task == golden.message)
        let payload = try TaskPayload.decode(
            kind: kind, version: envelope.version, json: ContractJSON.encode(envelope.payload))
        #expect(payload.kind == kind)
        #expect(try ContractJSON.decode(JSONValue.self, from: payload.json()) == envelope.payload)
        #expect(try TaskPayload.decode(kind: kind, version: 1, json: payload.json()) == payload)
    }

    @Test("An outcome decodes, and encodes to what it was", arguments: SchemaFiles.golden("outcome"))
    func outcomes(golden: SchemaFiles.Golden) throws {
        let envelope = try ContractJSON.decode(OutcomeEnvelope.self, from: SchemaFiles.text(golden.path))
        #expect(envelope.event == golden.message)
        #expect(envelope.outcome.event == golden.message)
        let text = ContractJSON.encode(envelope)
        #expect(try ContractJSON.decode(OutcomeEnvelope.self, from: text) == envelope)
        #expect(try ContractJSON.decode(JSONValue.self, from: text) == SchemaFiles.json(golden.path))
    }

    @Test("A path that is not UTF-8 arrives byte by byte")
    func bytesPath() throws {
        let text = try SchemaFiles.text("golden/task/index_file.v1.bytes-path.json")
        let envelope = try ContractJSON.decode(TaskEnvelope.self, from: text)
        let payload = try TaskPayload.decode(
            kind: .indexFile, version: 1, json: ContractJSON.encode(envelope.payload))
        guard case .indexFile(let index) = payload else {
            Issue.record("another kind of payload")
            return
        }
        #expect(index.filePath.bytes == Array("/music/caf".utf8) + [0xE9] + Array(".mp3".utf8))
    }
}
