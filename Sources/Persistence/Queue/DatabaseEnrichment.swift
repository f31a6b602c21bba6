import Contracts
import Domain
import UseCases

/// `EnrichmentStore` on the database.
package struct DatabaseEnrichment: EnrichmentStore {
    let context: QueueContext
    let catalogue: DatabaseCatalogue

    package func findings(of kind: OutsideSubject.Kind, id: Int64) async throws -> [OutsideFinding] {
        try await context.database.read { [catalogue] connection in
            guard let subject = try catalogue.subject(kind, id, connection) else { return [] }
            let rows = try connection.all(
                """
                SELECT source, language, found, facts, fetched_at, expires_at FROM enrichment
                WHERE kind = \(kind.rawValue) AND subject_id = \(id) AND asked = \(DatabaseCatalogue.hash(of: subject))
                    AND fetched_at > 0
                ORDER BY source
                """, Self.finding)
            return try rows.compactMap { try $0?.get() }
        }
    }

    /// Nil for a source that only a newer build knows.
    private static func finding(_ row: any Row) -> Result<OutsideFinding, StoreError>? {
        guard let source = row.text(0).flatMap(ServiceID.init) else { return nil }
        let (fetchedAt, expiresAt) = (row.int(4) ?? 0, row.int(5) ?? 0)
        var finding = OutsideFinding(
            source: source, language: row.text(1), facts: nil, fetchedAt: fetchedAt,
            ttlSeconds: Int(clamping: (expiresAt - fetchedAt) / 1_000_000))
        guard row.int(2) == 1 else { return .success(finding) }
        do {
            finding.facts = try ContractJSON.decode(OutsideFacts.self, from: row.text(3) ?? "")
            return .success(finding)
        } catch {
            return .failure(.fatal("what \(source.title) said cannot be read: \(ContractJSON.explain(error))"))
        }
    }

    package func enrich(
        _ kind: OutsideSubject.Kind, id: Int64, refresh: Bool, priority: Priority
    ) async throws -> TaskRecord? {
        try await context.write(durable: true) { [catalogue] transaction in
            guard
                let task = try catalogue.enrichTask(
                    kind, id, refresh: refresh, priority, now: transaction.now, transaction.connection)
            else { return nil }
            return try TaskLookup.record(id: try transaction.submit(task), in: transaction.connection)
        }
    }

    package func queueMissing(
        _ kind: OutsideSubject.Kind, after id: Int64, limit: Int
    ) async throws -> (last: Int64?, queued: Int) {
        let sources = catalogue.sources(of: kind).map(\.source)
        guard !sources.isEmpty else { return (nil, 0) }
        // Read beforehand: it may look at the whole library.
        let now = context.clock()
        let ids = try await context.database.read { connection in
            try connection.all(Self.missing(kind, sources, after: id, limit: limit, now: now)) { $0.int(0) ?? 0 }
        }
        guard let last = ids.last else { return (nil, 0) }
        return try await context.write { [catalogue] transaction in
            let connection = transaction.connection
            var tasks: [EnqueuedTask] = []
            for id in ids {
                guard
                    let task = try catalogue.enrichTask(
                        kind, id, refresh: false, .low, now: transaction.now, connection)
                else { continue }
                tasks.append(EnqueuedTask(task, scanID: nil, parentID: nil))
            }
            return (last, try transaction.enqueue(tasks).count)
        }
    }

    /// Those for which one of the sources has never answered, and was not asked in vain lately.
    static func missing(
        _ kind: OutsideSubject.Kind, _ sources: [ServiceID], after id: Int64, limit: Int, now: Int64
    ) -> Query {
        let names = sources.dropFirst().reduce("\(sources.first?.rawValue)" as Query) { $0 + ", \($1.rawValue)" }
        let table: Query =
            switch kind {
            case .track: "track"
            case .album: "album"
            case .artist: "artist"
            }
        return """
            SELECT id FROM \(table) AS subject
            WHERE id > \(id) AND (SELECT count(*) FROM enrichment
                WHERE enrichment.kind = \(kind.rawValue) AND enrichment.subject_id = subject.id
                AND enrichment.source IN (\(names)) AND NOT (fetched_at = 0 AND expires_at <= \(now))) < \(sources.count)
            ORDER BY id LIMIT \(limit)
            """
    }
}

extension DatabaseCatalogue {
    /// Nil when nothing is to be asked.
    fileprivate func enrichTask(
        _ kind: OutsideSubject.Kind, _ id: Int64, refresh: Bool, _ priority: Priority, now: Int64,
        _ connection: any Connection
    ) throws -> NewTask? {
        let known = sources(of: kind).map(\.source)
        guard !known.isEmpty, let subject = try subject(kind, id, connection) else { return nil }
        let asked = Self.hash(of: subject)
        let sources = try refresh ? known : staleSources(kind, id, asked: asked, now: now, connection)
        guard !sources.isEmpty else { return nil }
        let payload = EnrichPayload(
            kind: kind, id: id, subject: subject, sources: sources, refresh: refresh ? true : nil)
        return NewTask(
            payload: .enrich(payload), priority: priority,
            dedupeKey: DedupeKey.enrich(kind, id, as: refresh ? "refresh" : "first"))
    }
}
