import Contracts

/// JSON Schema (2020-12) as far as our schemas use it. A keyword that it does not know is an error, so that no rule of
/// a schema is passed over in silence.
struct SchemaValidator {
    /// Reads a schema file by its path below the schemas' folder.
    let load: (String) throws -> JSONValue

    struct UnknownKeyword: Error, Equatable { let keyword: String }
    struct BadReference: Error { let reference: String }

    /// What is wrong with `value`, each with its place; empty when it is valid.
    func problems(in value: JSONValue, schemaFile: String) throws -> [String] {
        try check(value, against: load(schemaFile), file: schemaFile, at: "$")
    }

    private func check(_ value: JSONValue, against schema: JSONValue, file: String, at place: String) throws -> [String]
    {
        guard case .object(let rules) = schema else { throw UnknownKeyword(keyword: "a schema that is no object") }
        var problems: [String] = []
        for (keyword, rule) in rules.sorted(by: { $0.key < $1.key }) {
            switch keyword {
            case "$schema", "$defs", "title", "description": continue
            case "$ref": problems += try follow(rule, from: file, value: value, at: place)
            case "properties": problems += try checkProperties(value, rule, file: file, at: place)
            case "additionalProperties":
                problems += try checkOthers(value, rule, known: rules["properties"], file: file, at: place)
            case "items": problems += try checkItems(value, rule, file: file, at: place)
            default:
                if try !holds(keyword, rule, for: value) { problems.append("\(place) breaks \(keyword)") }
            }
        }
        return problems
    }

    private func follow(_ rule: JSONValue, from file: String, value: JSONValue, at place: String) throws -> [String] {
        let (target, schema) = try resolve(rule, from: file)
        return try check(value, against: schema, file: target, at: place)
    }

    /// The file and the schema that `../common.v1.json#/$defs/path` stands for.
    func resolve(_ rule: JSONValue, from file: String) throws -> (file: String, schema: JSONValue) {
        guard case .string(let reference) = rule else { throw BadReference(reference: "\(rule)") }
        let parts = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        var folders = file.split(separator: "/").dropLast()
        for step in parts[0].split(separator: "/") {
            if step == ".." { folders = folders.dropLast() } else { folders.append(step) }
        }
        let target = parts[0].isEmpty ? file : folders.joined(separator: "/")
        var schema = try load(target)
        for key in (parts.count > 1 ? parts[1] : "").split(separator: "/") {
            guard let inner = schema[String(key)] else { throw BadReference(reference: reference) }
            schema = inner
        }
        return (target, schema)
    }

    private func checkProperties(
        _ value: JSONValue, _ rule: JSONValue, file: String, at place: String
    ) throws -> [String] {
        guard case .object(let members) = value, case .object(let schemas) = rule else { return [] }
        return try members.sorted { $0.key < $1.key }.flatMap { key, member in
            try schemas[key].map { try check(member, against: $0, file: file, at: "\(place).\(key)") } ?? []
        }
    }

    private func checkOthers(
        _ value: JSONValue, _ rule: JSONValue, known: JSONValue?, file: String, at place: String
    ) throws -> [String] {
        guard case .object(let members) = value else { return [] }
        return try members.filter { known?[$0.key] == nil }.flatMap { key, member in
            rule == .bool(false)
                ? ["\(place).\(key) is not known"] : try check(member, against: rule, file: file, at: "\(place).\(key)")
        }
    }

    private func checkItems(_ value: JSONValue, _ rule: JSONValue, file: String, at place: String) throws -> [String] {
        guard case .array(let items) = value else { return [] }
        return try items.enumerated().flatMap { try check($1, against: rule, file: file, at: "\(place)[\($0)]") }
    }

    private func holds(_ keyword: String, _ rule: JSONValue, for value: JSONValue) throws -> Bool {
        switch (keyword, rule, value) {
        case ("type", .string(let type), _): hasType(type, value)
        case ("type", .array(let types), _):
            types.contains { if case .string(let type) = $0 { hasType(type, value) } else { false } }
        case ("const", _, _): rule == value
        case ("enum", .array(let choices), _): choices.contains(value)
        case ("required", .array(let keys), .object(let members)):
            keys.allSatisfy { if case .string(let key) = $0 { members[key] != nil } else { false } }
        case ("minimum", _, _): try number(rule) <= number(value)
        case ("maximum", _, _): try number(value) <= number(rule)
        case ("minLength", .integer(let length), .string(let text)): text.unicodeScalars.count >= Int(length)
        case ("maxItems", .integer(let count), .array(let items)): items.count <= Int(count)
        case ("pattern", .string(let pattern), .string(let text)): try text.firstMatch(of: Regex(pattern)) != nil
        // A rule for another type says nothing; the type itself is checked above.
        case ("required", _, _), ("minLength", _, _), ("maxItems", _, _), ("pattern", _, _): true
        default: throw UnknownKeyword(keyword: keyword)
        }
    }

    private func hasType(_ type: String, _ value: JSONValue) -> Bool {
        switch (type, value) {
        case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool), ("integer", .integer),
            ("number", .integer), ("number", .number), ("null", .null):
            true
        default: false
        }
    }

    private func number(_ value: JSONValue) throws -> Double {
        switch value {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: throw UnknownKeyword(keyword: "a bound for what is no number")
        }
    }
}
