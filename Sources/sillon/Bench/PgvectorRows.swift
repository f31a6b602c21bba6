import Foundation
import Persistence

/// The part of `sillon bench similar` that a database answers.
struct PgvectorRows: Encodable {
    struct Row: Encodable {
        /// Candidates that the index keeps in view; nil where every vector was compared.
        let efSearch: Int?
        let searchMs: Spread
        let recall: Double?

        enum CodingKeys: String, CodingKey {
            case recall
            case efSearch = "ef_search"
            case searchMs = "search_ms"
        }
    }

    let version: String
    let column: String
    let fillMs: Double
    let buildMs: Double
    let rows: [Row]

    /// - Parameter recall: The part of the true best among the answers, in the order of the queries.
    init(_ result: PgvectorBenchmark.Result, recall: ([[Int64]]) -> Double?) {
        (version, column) = (result.version, result.column)
        (fillMs, buildMs) = (result.fillTime / .milliseconds(1), result.buildTime / .milliseconds(1))
        rows = result.rows.map { row in
            Row(
                efSearch: row.breadth, searchMs: Spread(row.times.map { $0 / .milliseconds(1) }),
                recall: recall(row.answers))
        }
    }

    var lines: [String] {
        let filled =
            "filled in \(Readable.decimal(fillMs / 1000, 1)) s, index in \(Readable.decimal(buildMs / 1000, 1)) s"
        return ["  pgvector \(version), \(column): \(filled)"]
            + rows.map { row in
                let name = row.efSearch.map { "ef \($0)" } ?? "exact"
                let recall = row.recall.map { ", recall \(Readable.decimal($0, 4))" } ?? ""
                return "    \(name.padding(toLength: 8, withPad: " ", startingAt: 0))  "
                    + "\(row.searchMs.text(places: 2)) ms\(recall)"
            }
    }

    enum CodingKeys: String, CodingKey {
        case version, column, rows
        case fillMs = "fill_ms"
        case buildMs = "build_ms"
    }
}
