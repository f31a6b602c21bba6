import Contracts
import Domain
import UseCases

/// Analyses and vectors by content, whichever tracks have it.
extension DatabaseCatalogue: PortableStore {
    package func portableRecords(after contentKey: String, limit: Int) async throws -> [PortableRecord] {
        try await database.read { connection in
            let analyses = try connection.all(
                """
                SELECT \(StoredAnalysis.columns) FROM analysis WHERE content_key IN (
                    SELECT DISTINCT content_key FROM analysis WHERE content_key > \(contentKey)
                    ORDER BY content_key LIMIT \(limit))
                ORDER BY content_key, version
                """, StoredAnalysis.read)
            guard let first = analyses.first?.contentKey, let last = analyses.last?.contentKey else { return [] }
            let vectors = try connection.all(
                """
                SELECT content_key, model, vector FROM embedding
                WHERE content_key BETWEEN \(first) AND \(last) ORDER BY content_key, model
                """, Self.portableVector)
            return Self.records(analyses, vectors.compactMap(\.self))
        }
    }

    /// Nil for bytes that are no numbers.
    private static func portableVector(_ row: any Row) -> (key: String, vector: PortableRecord.Vector)? {
        guard let key = row.text(0), let model = row.text(1),
            let packed = row.bytes(2).flatMap({ PackedFloats(littleEndianBytes: $0) })
        else { return nil }
        return (key, PortableRecord.Vector(model: model, vector: packed))
    }

    /// Both in the order of their keys. A vector without an analysis goes nowhere.
    private static func records(
        _ analyses: [AudioAnalysis], _ vectors: [(key: String, vector: PortableRecord.Vector)]
    ) -> [PortableRecord] {
        let vectors = Dictionary(grouping: vectors, by: \.key)
        var records: [PortableRecord] = []
        for analysis in analyses {
            if records.last?.contentKey == analysis.contentKey {
                records[records.count - 1].analyses.append(analysis)
            } else {
                let own = vectors[analysis.contentKey] ?? []
                records.append(
                    PortableRecord(contentKey: analysis.contentKey, analyses: [analysis], vectors: own.map(\.vector)))
            }
        }
        return records
    }

    package func addPortable(_ records: [PortableRecord], now: Int64) async throws -> PortableCounts {
        try await database.write { connection in
            var batch = CatalogueBatch(connection: connection, now: now)
            var counts = PortableCounts()
            // In one order everywhere, so that two imports do not wait for each other.
            for record in records.sorted(by: { $0.contentKey < $1.contentKey }) {
                try add(record.analyses, &counts, batch)
                for vector in record.vectors { try add(vector, of: record.contentKey, &counts, &batch) }
            }
            try batch.flush()
            return counts
        }
    }

    private func add(_ analyses: [AudioAnalysis], _ counts: inout PortableCounts, _ batch: CatalogueBatch) throws {
        for analysis in analyses {
            let isKnown = try hasAnalysis(
                contentKey: analysis.contentKey, version: analysis.version, withFingerprint: false,
                in: batch.connection)
            if isKnown {
                counts.analysesKnown += 1
            } else {
                try StoredAnalysis.write(analysis, now: batch.now, batch.connection)
                counts.analysesAdded += 1
            }
        }
    }

    private func add(
        _ vector: PortableRecord.Vector, of contentKey: String, _ counts: inout PortableCounts,
        _ batch: inout CatalogueBatch
    ) throws {
        let added = try batch.connection.execute(
            """
            INSERT INTO embedding (content_key, model, computed_at, vector)
            VALUES (\(contentKey), \(vector.model), \(batch.now), \(vector.vector.littleEndianBytes))
            ON CONFLICT (content_key, model) DO NOTHING
            """)
        guard added > 0 else {
            counts.vectorsKnown += 1
            return
        }
        counts.vectorsAdded += 1
        counts.tracks += try announceVector(of: contentKey, vector.model, &batch)
    }
}
