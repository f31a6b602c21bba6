/// SQL text and its values, kept apart: an interpolated value becomes a bind, never text.
///
///     "SELECT id FROM task WHERE state = \(state)"
///
/// `\(raw:)` splices trusted SQL, and takes a `StaticString` so that it can never be input.
package struct Query: Sendable, ExpressibleByStringInterpolation {
    package var sql: String
    package var binds: [SQLValue]

    package init(stringLiteral value: String) {
        sql = value
        binds = []
    }

    package init(stringInterpolation: Interpolation) {
        sql = stringInterpolation.sql
        binds = stringInterpolation.binds
    }

    package static func + (left: Query, right: Query) -> Query {
        var sum = left
        sum.sql += right.sql
        sum.binds += right.binds
        return sum
    }

    package struct Interpolation: StringInterpolationProtocol {
        var sql = ""
        var binds: [SQLValue] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            sql.reserveCapacity(literalCapacity + interpolationCount)
            binds.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) { sql += literal }

        package mutating func appendInterpolation(_ value: SQLValue) {
            sql += "?"
            binds.append(value)
        }

        package mutating func appendInterpolation(_ value: Int64?) { appendInterpolation(SQLValue(value)) }
        package mutating func appendInterpolation(_ value: Int?) {
            appendInterpolation(SQLValue(value.map(Int64.init)))
        }
        package mutating func appendInterpolation(_ value: Double?) { appendInterpolation(SQLValue(value)) }
        package mutating func appendInterpolation(_ value: String?) { appendInterpolation(SQLValue(value)) }
        package mutating func appendInterpolation(_ value: [UInt8]?) { appendInterpolation(SQLValue(value)) }
        package mutating func appendInterpolation(_ value: Bool) { appendInterpolation(.integer(value ? 1 : 0)) }

        package mutating func appendInterpolation(raw fragment: StaticString) { sql += fragment.description }

        package mutating func appendInterpolation(_ query: Query) {
            sql += query.sql
            binds += query.binds
        }
    }
}

/// The portable column types: integers (also for booleans and times), floating point, text, bytes.
package enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case double(Double)
    case text(String)
    case bytes([UInt8])
    /// Only in conditions, see `Query.among`: an array on PostgreSQL, JSON on SQLite.
    case integers([Int64])

    package init(_ value: Int64?) { self = value.map(SQLValue.integer) ?? .null }
    package init(_ value: Double?) { self = value.map(SQLValue.double) ?? .null }
    /// PostgreSQL has no NUL in texts, so both engines show U+FFFD in its place. Lone surrogates and invalid UTF-8
    /// cannot be in a Swift string.
    package init(_ value: String?) {
        guard var value else {
            self = .null
            return
        }
        let holdsNUL = value.withUTF8 { $0.contains(0) }
        self = .text(holdsNUL ? String(value.map { $0 == "\0" ? "\u{FFFD}" : $0 }) : value)
    }
    package init(_ value: [UInt8]?) { self = value.map(SQLValue.bytes) ?? .null }
}
