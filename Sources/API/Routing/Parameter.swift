import Contracts
import UseCases

/// An input that comes in the URL or in a header.
struct Parameter<Value: Sendable>: Sendable {
    enum Location: String, Sendable {
        case path, query, header
    }

    let name: String
    let location: Location
    let scalar: Scalar<Value>
    let isRequired: Bool
    let description: String

    init(
        _ name: String, in location: Location = .query, _ scalar: Scalar<Value>, isRequired: Bool = false,
        _ description: String
    ) {
        self.name = name
        self.location = location
        self.scalar = scalar
        self.isRequired = isRequired || location == .path
        self.description = description
    }

    /// As it stands in the document.
    var document: JSONValue {
        [
            "name": .string(name), "in": .string(location.rawValue), "required": .bool(isRequired),
            "description": .string(description), "schema": scalar.schema,
        ]
    }
}

/// A parameter of any type, for the route table.
struct ParameterSpec: Sendable {
    let name: String
    let location: String
    let document: JSONValue

    init(_ parameter: Parameter<some Sendable>) {
        name = parameter.name
        location = parameter.location.rawValue
        document = parameter.document
    }
}

extension Parameter where Value == Int {
    static let limit = Parameter(
        "limit", .integer(1...PageRequest.maxLimit),
        "How many items at most; \(PageRequest.defaultLimit) when absent.")
}

extension Parameter where Value == String {
    /// A cursor may hold the sort key of a row in hexadecimal digits; a longer one is not one of ours.
    static let maxCursorLength = 8000

    static let cursor = Parameter(
        "cursor",
        .text(pattern: "^[A-Za-z0-9_.~-]{1,\(maxCursorLength)}$", "a cursor that this list answered") { text in
            (1...maxCursorLength).contains(text.utf8.count) && text.utf8.allSatisfy(PercentCoding.isUnreserved)
        }, "`next_cursor` of the page before; absent for the first page.")
}

extension Parameter where Value == Int64 {
    static let id = Parameter("id", in: .path, .id, "The number of the resource.")
}
