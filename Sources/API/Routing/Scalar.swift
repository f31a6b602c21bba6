import Contracts
import Domain
import UseCases

/// A kind of input: how it is read, what is said when it cannot be read, and its schema, all in one place.
struct Scalar<Value: Sendable>: Sendable {
    let schema: JSONValue
    /// Completes the sentence "x must be …".
    let expectation: String
    let parse: @Sendable (JSONValue) -> Value?

    /// Of a URL or a header, where everything is text.
    func parse(text: String) -> Value? {
        guard case .object(let members) = schema else { return parse(.string(text)) }
        switch members["type"] {
        case "integer": return Int64(text).flatMap { parse(.integer($0)) }
        case "number": return Double(text).flatMap { $0.isFinite ? parse(.number($0)) : nil }
        case "boolean": return ["true": true, "false": false][text].flatMap { parse(.bool($0)) }
        default: return parse(.string(text))
        }
    }

    /// The same input with a schema that says more.
    func with(schema: JSONValue) -> Scalar { Scalar(schema: schema, expectation: expectation, parse: parse) }
}

extension Scalar where Value == Int {
    static func integer(_ range: ClosedRange<Int>) -> Scalar {
        Scalar(
            schema: [
                "type": "integer", "minimum": .integer(Int64(range.lowerBound)),
                "maximum": .integer(Int64(range.upperBound)),
            ],
            expectation: "an integer from \(range.lowerBound) to \(range.upperBound)"
        ) {
            guard case .integer(let number) = $0, let value = Int(exactly: number), range.contains(value) else {
                return nil
            }
            return value
        }
    }
}

extension Scalar where Value == Int64 {
    /// The number of a row.
    static let id = Scalar(
        schema: ["type": "integer", "format": "int64", "minimum": 1, "maximum": .integer(.max)],
        expectation: "a positive integer"
    ) {
        guard case .integer(let number) = $0, number > 0 else { return nil }
        return number
    }

    /// Microseconds since the epoch.
    static let time = Scalar(
        schema: [
            "type": "string", "format": "date-time",
            "pattern": .string(Timestamp.pattern),
        ],
        expectation: "a time as in RFC 3339, such as 2026-11-21T09:30:00Z"
    ) {
        guard case .string(let text) = $0 else { return nil }
        return Timestamp.microseconds(text)
    }
}

extension Scalar where Value == Bool {
    static let flag = Scalar(schema: ["type": "boolean"], expectation: "true or false") {
        guard case .bool(let value) = $0 else { return nil }
        return value
    }
}

extension Scalar where Value == String {
    /// Lengths are in Unicode scalars, as JSON Schema counts them.
    static func text(_ length: ClosedRange<Int>) -> Scalar {
        Scalar(
            schema: [
                "type": "string", "minLength": .integer(Int64(length.lowerBound)),
                "maxLength": .integer(Int64(length.upperBound)),
            ],
            expectation: "a string of \(length.lowerBound) to \(length.upperBound) characters"
        ) {
            guard case .string(let text) = $0, length.contains(text.unicodeScalars.count),
                !text.unicodeScalars.contains("\0")
            else { return nil }
            return text
        }
    }

    /// A string that a regular expression describes and `matches` checks.
    static func text(
        pattern: String, _ expectation: String, matches: @escaping @Sendable (String) -> Bool
    ) -> Scalar {
        Scalar(schema: ["type": "string", "pattern": .string(pattern)], expectation: expectation) {
            guard case .string(let text) = $0, matches(text) else { return nil }
            return text
        }
    }
}

extension Scalar where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    static var choice: Scalar {
        let names = Value.allCases.map(\.rawValue)
        return Scalar(
            schema: ["type": "string", "enum": .array(names.map { .string($0) })],
            expectation: "one of \(names.joined(separator: ", "))"
        ) {
            guard case .string(let name) = $0 else { return nil }
            return Value(rawValue: name)
        }
    }
}

extension Scalar where Value == Priority {
    static let priority = Scalar(
        schema: ["type": "string", "enum": .array(Priority.allCases.map { .string($0.name) })],
        expectation: "one of high, normal, low"
    ) {
        guard case .string(let name) = $0 else { return nil }
        return Priority(name: name)
    }
}

extension Scalar where Value == FilePath {
    /// Linux's PATH_MAX, and twice that many hexadecimal digits.
    static let maxPathBytes = 4096

    /// An absolute path without empty, `.` or `..` parts; slashes at its end are dropped.
    static let folder = Scalar(
        schema: [
            "type": "string", "pattern": "^(/|bytes:2[Ff])", "maxLength": .integer(Int64(maxPathBytes * 2 + 6)),
        ],
        expectation: "an absolute path without empty, . or .. parts"
    ) {
        guard case .string(let text) = $0, var bytes = FilePath(encoded: text)?.bytes else { return nil }
        while bytes.count > 1, bytes.last == FilePath.slash { bytes.removeLast() }
        let path = FilePath(bytes: bytes)
        return path.isCanonical && bytes.count <= maxPathBytes ? path : nil
    }
}

extension Scalar where Value == [String: JSONValue] {
    static let object = Scalar(schema: ["type": "object"], expectation: "an object") {
        guard case .object(let members) = $0 else { return nil }
        return members
    }
}
