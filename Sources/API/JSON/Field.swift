/// One member of an object in an answer.
struct Field<Owner: Sendable>: Sendable {
    let name: String
    let schema: Schema
    let write: @Sendable (Owner, inout JSONWriter) -> Void
    /// Nil for a member that is always there.
    private(set) var isThere: (@Sendable (Owner) -> Bool)?

    init<Value: Sendable>(
        _ name: String, _ shape: Shape<Value>, _ description: String? = nil,
        get: @escaping @Sendable (Owner) -> Value
    ) {
        self.name = name
        schema = shape.schema.described(description)
        write = { owner, writer in shape.write(get(owner), &writer) }
    }

    /// A member that is null when there is no value.
    init<Value: Sendable>(
        optional name: String, _ shape: Shape<Value>, _ description: String? = nil,
        get: @escaping @Sendable (Owner) -> Value?
    ) {
        self.name = name
        schema = shape.schema.orNull.described(description)
        write = { owner, writer in
            if let value = get(owner) { shape.write(value, &writer) } else { writer.null() }
        }
    }

    /// A member that is left out when there is no value.
    init<Value: Sendable>(
        ifAny name: String, _ shape: Shape<Value>, _ description: String? = nil,
        get: @escaping @Sendable (Owner) -> Value?
    ) {
        self.name = name
        schema = shape.schema.described(description)
        isThere = { get($0) != nil }
        write = { owner, writer in
            if let value = get(owner) { shape.write(value, &writer) }
        }
    }

    private init(name: String, schema: Schema, write: @escaping @Sendable (Owner, inout JSONWriter) -> Void) {
        self.name = name
        self.schema = schema
        self.write = write
    }

    /// The same member of an object that holds the owner.
    func of<Whole: Sendable>(_ part: @escaping @Sendable (Whole) -> Owner) -> Field<Whole> {
        var field = Field<Whole>(name: name, schema: schema) { whole, writer in write(part(whole), &writer) }
        if let isThere { field.isThere = { isThere(part($0)) } }
        return field
    }
}

/// Lets the members of an object be written one per line; each is type-checked by itself.
@resultBuilder
enum FieldsBuilder<Owner: Sendable> {
    static func buildExpression(_ field: Field<Owner>) -> [Field<Owner>] { [field] }
    static func buildExpression(_ fields: [Field<Owner>]) -> [Field<Owner>] { fields }
    static func buildBlock(_ parts: [Field<Owner>]...) -> [Field<Owner>] { parts.flatMap { $0 } }
}
