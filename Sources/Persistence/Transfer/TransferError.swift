/// Why a database is not copied, backed up or restored.
package enum TransferError: Error, Hashable, CustomStringConvertible {
    case unknownType(column: String, type: String)
    case notEmpty(table: String)
    case otherSchema(String)
    case differs(table: String, source: String, target: String)
    case inUse(String)
    case interrupted
    case tool(String)
    case file(String)

    package var description: String {
        switch self {
        case .unknownType(let column, let type): "the column \(column) has a type that cannot be copied: \(type)"
        case .notEmpty(let table): "the target is not empty (there are rows in \(table)): nothing was written"
        case .otherSchema(let text), .inUse(let text), .tool(let text), .file(let text): text
        case .differs(let table, let source, let target):
            "\(table) differs: \(source) in the source, \(target) in the target; nothing was kept"
        case .interrupted: "the connection broke in the middle; nothing was kept, start again"
        }
    }
}
