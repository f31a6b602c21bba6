import Contracts
import Domain

/// How a value looks in an answer: its schema and its writer, made together so that they cannot drift apart.
struct Shape<Value: Sendable>: Sendable {
    let schema: Schema
    let write: @Sendable (Value, inout JSONWriter) -> Void

    init(_ schema: Schema, write: @escaping @Sendable (Value, inout JSONWriter) -> Void) {
        self.schema = schema
        self.write = write
    }

    func json(_ value: Value) -> [UInt8] {
        var writer = JSONWriter()
        write(value, &writer)
        return writer.bytes
    }

    var list: Shape<[Value]> {
        Shape<[Value]>(.array(of: schema)) { values, writer in
            writer.array { writer in
                for value in values { write(value, &writer) }
            }
        }
    }

    static func object(_ name: String, @FieldsBuilder<Value> _ fields: () -> [Field<Value>]) -> Shape {
        let fields = fields()
        let members = fields.map { (name: $0.name, schema: $0.schema, isRequired: $0.isThere == nil) }
        return Shape(Schema.object(members).named(name)) { value, writer in
            writer.object { writer in
                for field in fields where field.isThere?(value) ?? true {
                    writer.key(field.name)
                    field.write(value, &writer)
                }
            }
        }
    }
}

extension Shape where Value == Int64 {
    static let integer = Shape(Schema(["type": "integer", "format": "int64"])) { $1.integer($0) }
    /// Microseconds since the epoch, written as RFC 3339 in UTC with milliseconds.
    static let time = Shape(Schema(["type": "string", "format": "date-time"])) { $1.string(Timestamp.text($0)) }
}

extension Shape where Value == Int {
    static let count = Shape(Schema(["type": "integer", "format": "int64"])) { $1.integer(Int64($0)) }
}

extension Shape where Value == Double {
    static let number = Shape(Schema(["type": ["number", "null"]])) { $1.number($0) }
}

extension Shape where Value == Bool {
    static let flag = Shape(Schema(["type": "boolean"])) { $1.bool($0) }
}

extension Shape where Value == String {
    static let text = Shape(Schema(["type": "string"])) { $1.string($0) }
}

extension Shape where Value == FilePath {
    static let path = Shape(
        Schema([
            "type": "string",
            "description": "A path; one that is not UTF-8 is written as `bytes:` and hexadecimal digits.",
        ])
    ) { $1.string($0.encoded) }
}

extension Shape where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    static var choice: Shape {
        Shape(Schema(["type": "string", "enum": .array(Value.allCases.map { .string($0.rawValue) })])) {
            $1.string($0.rawValue)
        }
    }
}

extension Shape where Value == Priority {
    static let priority = Shape(
        Schema(["type": "string", "enum": .array(Priority.allCases.map { .string($0.name) })])
    ) { $1.string($0.name) }
}

extension Shape where Value == JSONValue {
    static let any = Shape(Schema([:])) { $1.value($0) }
}

extension JSONWriter {
    /// A tree of JSON; the members of an object are sorted by name.
    mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .integer(let value): integer(value)
        case .number(let value): number(value)
        case .string(let value): string(value)
        case .array(let values): array { writer in values.forEach { writer.value($0) } }
        case .object(let members):
            object { writer in
                for (name, member) in members.sorted(by: { $0.key < $1.key }) {
                    writer.key(name)
                    writer.value(member)
                }
            }
        }
    }
}
