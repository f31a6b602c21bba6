import Contracts
import Domain
import Testing

/// The schemas say what the code does: golden files are valid, and the keys are the same on both sides.
@Suite struct SchemaTests {
    private let validator = SchemaValidator(load: SchemaFiles.json)

    @Test(
        "A golden file is valid by its schema and by that of its envelope",
        arguments: SchemaFiles.golden("task") + SchemaFiles.golden("outcome"))
    func valid(golden: SchemaFiles.Golden) throws {
        let value = try SchemaFiles.json(golden.path)
        #expect(try validator.problems(in: value, schemaFile: golden.schema).isEmpty)
        #expect(try validator.problems(in: value, schemaFile: "\(golden.kind)-envelope.v1.json").isEmpty)
    }

    @Test(
        "A golden event is valid by its schema, and the schema lists exactly its keys",
        arguments: SchemaFiles.golden("event"))
    func events(golden: SchemaFiles.Golden) throws {
        let value = try SchemaFiles.json(golden.path)
        #expect(try validator.problems(in: value, schemaFile: golden.schema).isEmpty)
        let differences = try keyDifferences(
            value, SchemaFiles.json(golden.schema), file: golden.schema, at: golden.message)
        #expect(differences.isEmpty)
    }

    @Test("A scan that goes on is no end of a stream")
    func openEnd() throws {
        let running = try SchemaFiles.json("golden/event/progress.v1.normal.json")
        #expect(try validator.problems(in: running, schemaFile: "event/end.v1.json") == ["$.state breaks enum"])
    }

    @Test(
        "The normal case of each message fills every field, and the schema lists exactly these",
        arguments: (SchemaFiles.golden("task") + SchemaFiles.golden("outcome")).filter {
            $0.fileName.hasSuffix(".normal.json")
        })
    func sameKeys(golden: SchemaFiles.Golden) throws {
        let text = try SchemaFiles.text(golden.path)
        var empty: [String] = []
        if golden.kind == "task" {
            let envelope = try ContractJSON.decode(TaskEnvelope.self, from: text)
            let kind = try #require(TaskKind(rawValue: envelope.task))
            let payload = try TaskPayload.decode(kind: kind, version: 1, json: ContractJSON.encode(envelope.payload))
            emptyFields(of: payload, at: golden.message, into: &empty)
        } else {
            let envelope = try ContractJSON.decode(OutcomeEnvelope.self, from: text)
            emptyFields(of: envelope, at: golden.message, into: &empty)
        }
        #expect(empty.isEmpty, "a new field belongs into the golden file and the schema")
        let differences = try keyDifferences(
            SchemaFiles.json(golden.path), SchemaFiles.json(golden.schema), file: golden.schema, at: golden.message)
        #expect(differences.isEmpty)
    }

    /// Optionals that are nil and collections without elements, which would hide their keys or their shape.
    private func emptyFields(of value: Any, at place: String, into found: inout [String]) {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional, .collection, .dictionary, .set:
            if mirror.children.isEmpty { found.append(place) }
        default: break
        }
        for child in mirror.children { emptyFields(of: child.value, at: "\(place).\(child.label ?? "")", into: &found) }
    }

    private func keyDifferences(_ value: JSONValue, _ schema: JSONValue, file: String, at place: String) throws
        -> [String]
    {
        if let reference = schema["$ref"] {
            let target = try validator.resolve(reference, from: file)
            return try keyDifferences(value, target.schema, file: target.file, at: place)
        }
        guard case .object(let members) = value, case .object(let properties) = schema["properties"] else { return [] }
        var differences = Set(members.keys).symmetricDifference(properties.keys).sorted().map { "\(place).\($0)" }
        for (key, member) in members {
            guard let inner = properties[key] else { continue }
            differences += try keyDifferences(member, inner, file: file, at: "\(place).\(key)")
        }
        return differences
    }

    @Test(
        "What the schema forbids is found",
        arguments: [
            (#"{"task": "index_file", "version": 1, "payload": {}}"#, "required"),
            (#"{"task": "index_file", "version": 2, "payload": {"file_path": "/a"}}"#, "const"),
            (#"{"task": "index_file", "version": 1, "payload": {"file_path": "a"}}"#, "pattern"),
            (#"{"task": "index_file", "version": 1, "payload": {"file_path": 1}}"#, "type"),
            (#"{"task": "index_file", "version": 1, "payload": {"file_path": "/a", "until": "lunch"}}"#, "enum"),
            (#"{"task": "index_file", "version": 1, "payload": {"file_path": "/a", "track_id": 0}}"#, "minimum"),
            (#"{"task": "index_file", "version": 1, "payload": {"file_path": "/a", "scan_id": ""}}"#, "minLength"),
            (#"{"task": "index_file", "version": 1, "payload": {"file_path": "/a", "track_id": 1.5}}"#, "type"),
            (#"[]"#, "type"),
        ])
    func invalid(text: String, keyword: String) throws {
        let value = try ContractJSON.decode(JSONValue.self, from: text)
        let problems = try validator.problems(in: value, schemaFile: "task/index_file.v1.json")
        #expect(problems.contains { $0.hasSuffix("breaks \(keyword)") })
    }

    @Test("A keyword that the validator does not know is an error, not a pass")
    func unknownKeyword() throws {
        let strict = SchemaValidator { _ in .object(["multipleOf": .integer(3)]) }
        #expect(throws: SchemaValidator.UnknownKeyword(keyword: "multipleOf")) {
            try strict.problems(in: .integer(4), schemaFile: "any")
        }
    }
}
