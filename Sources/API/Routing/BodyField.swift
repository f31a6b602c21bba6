import Contracts

/// One member of a request body.
struct BodyField<Value: Sendable>: Sendable {
    let name: String
    let scalar: Scalar<Value>
    let isRequired: Bool
    let description: String

    init(_ name: String, _ scalar: Scalar<Value>, isRequired: Bool = false, _ description: String) {
        self.name = name
        self.scalar = scalar
        self.isRequired = isRequired
        self.description = description
    }
}

/// The members of a request body, or of an object inside one.
struct BodySpec: Sendable {
    /// By reference to its name.
    let schema: Schema
    /// Written out.
    let object: Schema
    let encoding: Encoding
    private let names: [String]

    enum Encoding: String, Sendable {
        case json = "application/json"
        /// Of a page; every value is text.
        case form = "application/x-www-form-urlencoded"
    }

    init(_ name: String, as encoding: Encoding = .json, _ members: [Member]) {
        self.encoding = encoding
        names = members.map(\.name)
        object = Schema.object(members.map { ($0.name, $0.schema, $0.isRequired) }, isClosed: true)
        schema = object.named(name)
    }

    /// A member that nobody reads is a slip of the pen, and is not passed over in silence.
    func check(_ body: Body) throws(Problem) {
        if let unknown = body.members.keys.filter({ !names.contains($0) }).min() {
            throw .unknown("field", body.prefix + unknown, known: names)
        }
    }

    struct Member: Sendable {
        let name: String
        let schema: Schema
        let isRequired: Bool

        init(_ field: BodyField<some Sendable>) {
            name = field.name
            let schema = Schema(field.scalar.schema)
            // An optional member may be null, which says the same as leaving it out.
            self.schema = (field.isRequired ? schema : schema.orNull).described(field.description)
            isRequired = field.isRequired
        }
    }
}

/// A request body that was read: an object.
struct Body: Sendable {
    let members: [String: JSONValue]
    /// Where the object stands in the document, for messages: `filter.`.
    var prefix = ""

    func require<Value>(_ field: BodyField<Value>) throws(Problem) -> Value {
        guard let value = try optional(field) else { throw .invalid("\(prefix)\(field.name) is missing") }
        return value
    }

    /// Nil when the member is absent or null.
    func optional<Value>(_ field: BodyField<Value>) throws(Problem) -> Value? {
        guard let json = members[field.name], json != .null else { return nil }
        guard let value = field.scalar.parse(json) else {
            throw .invalid("\(prefix)\(field.name) must be \(field.scalar.expectation)")
        }
        return value
    }
}
