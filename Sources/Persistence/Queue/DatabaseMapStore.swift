import Contracts
import Domain
import UseCases

/// `MapStore` on the database.
package struct DatabaseMapStore: MapStore {
    let context: QueueContext

    package func basis(model: String) async throws -> StoredMapBasis? {
        try await context.database.read { connection in
            try connection.first(
                "SELECT version, vectors, computed_at, mean, axes, spread FROM map_basis WHERE model = \(model)"
            ) { row in try Self.basis(row, model) }
        }
    }

    package func hasProjection(model: String) async throws -> Bool {
        try await context.database.read { try Self.hasProjection(model, $0) }
    }

    package func queueProjection(_ payload: ProjectMapPayload, replacing version: Int64?) async throws -> Bool {
        try await context.write { transaction in
            let current = try transaction.connection.first(
                "SELECT version FROM map_basis WHERE model = \(payload.model)"
            ) { $0.int(0) ?? 0 }
            guard current == version, try !Self.hasProjection(payload.model, transaction.connection) else {
                return false
            }
            let task = NewTask(
                payload: .projectMap(payload), priority: .low, dedupeKey: DedupeKey.projectMap(model: payload.model))
            // Two at once are told apart by the key.
            return try !transaction.enqueue([EnqueuedTask(task, scanID: nil, parentID: nil)]).isEmpty
        }
    }

    package func genreNames(_ ids: [Int64]) async throws -> [Int64: String] {
        try await context.database.read { connection in
            var names: [Int64: String] = [:]
            for id in ids {
                names[id] = try connection.first("SELECT name FROM genre WHERE id = \(id)") { $0.text(0) } ?? nil
            }
            return names
        }
    }

    private static func hasProjection(_ model: String, _ connection: any Connection) throws -> Bool {
        let live: Query = "SELECT 1 FROM task WHERE dedupe_key = \(DedupeKey.projectMap(model: model))"
        let dead: Query = "SELECT 1 FROM task_dead WHERE work = \(WorkNumber.ofMap(model)) LIMIT 1"
        return try connection.first(live) { _ in true } ?? connection.first(dead) { _ in true } ?? false
    }

    private static func basis(_ row: any Row, _ model: String) throws -> StoredMapBasis {
        let mean = row.bytes(3).flatMap { PackedFloats(littleEndianBytes: $0) }?.values ?? []
        let axes = row.bytes(4).flatMap { PackedFloats(littleEndianBytes: $0) }?.values ?? []
        guard axes.count == 2 * mean.count, let spread = row.double(5), spread > 0 else {
            throw StoreError.fatal("the stored plane of the model \(model) is none")
        }
        return StoredMapBasis(
            basis: MapBasis(
                mean: mean, axes: [Array(axes.prefix(mean.count)), Array(axes.suffix(mean.count))], spread: spread),
            version: row.int(0) ?? 0, vectors: row.int(1).flatMap(Int.init(exactly:)) ?? 0,
            computedAt: row.int(2) ?? 0)
    }
}
