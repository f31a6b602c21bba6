import Contracts

/// A JSON Schema, and the named schemas that it refers to.
struct Schema: Hashable, Sendable {
    let json: JSONValue
    /// By name, for `#/components/schemas`.
    let definitions: [String: JSONValue]

    init(_ json: JSONValue, definitions: [String: JSONValue] = [:]) {
        self.json = json
        self.definitions = definitions
    }

    /// A named schema: written once, referred to everywhere.
    func named(_ name: String) -> Schema {
        Schema(
            ["$ref": .string("#/components/schemas/\(name)")],
            definitions: definitions.merging([name: json], uniquingKeysWith: { first, _ in first }))
    }

    var orNull: Schema {
        if case .object(var members) = json, case .string(let type) = members["type"], members["enum"] == nil {
            members["type"] = [.string(type), "null"]
            return Schema(.object(members), definitions: definitions)
        }
        return Schema(["anyOf": [json, ["type": "null"]]], definitions: definitions)
    }

    func described(_ text: String?) -> Schema {
        guard let text, case .object(var members) = json else { return self }
        members["description"] = .string(text)
        return Schema(.object(members), definitions: definitions)
    }

    static func array(of items: Schema) -> Schema {
        Schema(["type": "array", "items": items.json], definitions: items.definitions)
    }

    /// An object with the given members, in any order; a closed one has no others.
    static func object(
        _ members: [(name: String, schema: Schema, isRequired: Bool)], isClosed: Bool = false
    ) -> Schema {
        var properties: [String: JSONValue] = [:]
        var definitions: [String: JSONValue] = [:]
        for member in members {
            properties[member.name] = member.schema.json
            definitions.merge(member.schema.definitions, uniquingKeysWith: { first, _ in first })
        }
        var json: [String: JSONValue] = ["type": "object", "properties": .object(properties)]
        if isClosed { json["additionalProperties"] = false }
        let required = members.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { json["required"] = .array(required) }
        return Schema(.object(json), definitions: definitions)
    }
}
