import Foundation

/// The one way contracts are written as JSON text.
package enum ContractJSON {
    /// Keys sorted, slashes plain. Encoding a contract type cannot fail: they hold no number that JSON lacks.
    package static func encode(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            preconditionFailure("a contract type must always encode: \(error)")
        }
    }

    package static func decode<Value: Decodable>(_ type: Value.Type, from json: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(json.utf8))
    }

    /// One safe sentence about a decoding error: which field, and what was expected.
    package static func explain(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, let context):
            "\(path(context.codingPath + [key])) is missing"
        case DecodingError.typeMismatch(let type, let context):
            "\(path(context.codingPath)) must be of type \(type)"
        case DecodingError.valueNotFound(_, let context):
            "\(path(context.codingPath)) must not be null"
        case DecodingError.dataCorrupted(let context):
            // Foundation reports a number that does not fit its field in the same words as broken JSON.
            context.codingPath.isEmpty
                ? "not valid JSON, or a number that its field cannot hold"
                : "\(path(context.codingPath)): \(context.debugDescription)"
        default:
            "not valid JSON"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.isEmpty ? "the document" : keys.map(\.stringValue).joined(separator: ".")
    }
}
