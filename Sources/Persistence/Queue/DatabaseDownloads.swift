import Contracts
import Domain
import UseCases

/// Downloads in the database: what people began, and how far the handlers are.
package struct DatabaseDownloads: DownloadStore, DownloadJournal {
    let context: QueueContext

    package func begin(
        _ question: DownloadQuestion, _ preference: DownloadPreference, idempotencyKey: String?
    ) async throws -> DownloadRecord {
        try await context.write(durable: true) { transaction in
            let json = ContractJSON.encode(question)
            let request = Idempotency.Request(
                key: idempotencyKey, scope: "download", text: "\(preference.rawValue)\n\(json)")
            if let id = try Idempotency.answer(to: request, in: transaction) {
                return try Self.record(id, transaction.connection)
            }
            let id = transaction.context.randomUUID()
            let payload = DownloadTrackPayload(downloadID: id, question: question, preference: preference)
            let task = try transaction.submit(
                NewTask(payload: .downloadTrack(payload), priority: .high, dedupeKey: payload.dedupeKey))
            try transaction.connection.execute(
                """
                INSERT INTO download (download_id, state, question, prefer, task_id, plan, created_at, updated_at)
                VALUES (\(id), \(DownloadRecord.State.waiting.rawValue), \(json), \(preference.rawValue), \(task),
                    \(ContractJSON.encode(DownloadPlan())), \(transaction.now), \(transaction.now))
                """)
            try Idempotency.keep(id, for: request, in: transaction)
            return try Self.record(id, transaction.connection)
        }
    }

    package func downloads(_ page: PageRequest) async throws -> Page<DownloadRecord> {
        let start = try DownloadCursor(page.cursor)
        return try await context.database.read { connection in
            let records = try connection.all(
                """
                SELECT \(Self.columns) FROM download
                WHERE (created_at, download_id) < (\(start.createdAt), \(start.id))
                ORDER BY created_at DESC, download_id DESC LIMIT \(page.limit + 1)
                """, Self.record)
            let shown = try records.prefix(page.limit).map { try $0.get() }
            let next = records.count > page.limit ? shown.last.map(DownloadCursor.init(after:))?.text : nil
            return Page(items: shown, nextCursor: next)
        }
    }

    package func download(id: String) async throws -> DownloadRecord {
        try await context.database.read { try Self.record(id, $0) }
    }

    package func cancelDownload(id: String, actor: String) async throws -> DownloadRecord {
        try await context.write(durable: true) { transaction in
            let record = try Self.record(id, transaction.connection)
            guard record.state != .cancelled else { return record }
            guard record.state != .done else { throw StoreError.preconditionFailed("download \(id) is done") }
            if let task = record.taskID { _ = try transaction.cancel([task], actor: actor) }
            // Also where its task is over.
            try transaction.connection.execute(
                """
                UPDATE download SET state = \(DownloadRecord.State.cancelled.rawValue), message = NULL,
                    updated_at = \(transaction.now)
                WHERE download_id = \(id)
                """)
            return try Self.record(id, transaction.connection)
        }
    }

    // MARK: The journal

    package func plan(of id: String) async throws -> DownloadPlan {
        let record = try await download(id: id)
        guard record.state != .cancelled else { throw CancellationError() }
        return record.plan
    }

    package func note(_ note: DownloadNote, of id: String) async throws {
        let cancelled = DownloadRecord.State.cancelled.rawValue
        let isKnown = try await context.write { transaction in
            try transaction.connection.execute(
                """
                UPDATE download SET state = \(note.state.rawValue), plan = \(ContractJSON.encode(note.plan)),
                    received_bytes = \(note.receivedBytes), size_bytes = \(note.sizeBytes),
                    message = \(note.message.map { NameKey.cut($0, toBytes: NameKey.maxNameBytes) }),
                    updated_at = \(transaction.now)
                WHERE download_id = \(id) AND state <> \(cancelled)
                """) > 0
        }
        guard isKnown else { throw CancellationError() }
    }

    // MARK: Rows

    private static let columns: Query = """
        download_id, state, question, prefer, task_id, plan, received_bytes, size_bytes, message, path, created_at,
        updated_at
        """

    private static func record(_ id: String, _ connection: any Connection) throws -> DownloadRecord {
        let query: Query = "SELECT \(columns) FROM download WHERE download_id = \(id)"
        guard let found = try connection.first(query, record) else {
            throw StoreError.notFound("there is no download \(id)")
        }
        return try found.get()
    }

    private static func record(_ row: any Row) -> Result<DownloadRecord, any Error> {
        Result {
            DownloadRecord(
                id: row.text(0) ?? "", state: DownloadRecord.State(rawValue: row.text(1) ?? "") ?? .failed,
                question: try ContractJSON.decode(DownloadQuestion.self, from: row.text(2) ?? ""),
                preference: DownloadPreference(rawValue: row.text(3) ?? "") ?? .any, taskID: row.int(4),
                plan: try ContractJSON.decode(DownloadPlan.self, from: row.text(5) ?? ""),
                receivedBytes: row.int(6) ?? 0, sizeBytes: row.int(7), message: row.text(8),
                path: row.bytes(9).map(FilePath.init(bytes:)), createdAt: row.int(10) ?? 0, updatedAt: row.int(11) ?? 0)
        }
    }
}

/// Where a page of downloads ends: `time.id`.
private struct DownloadCursor {
    let createdAt: Int64
    let id: String

    init(after record: DownloadRecord) {
        (createdAt, id) = (record.createdAt, record.id)
    }

    init(_ cursor: String?) throws {
        guard let cursor else {
            (createdAt, id) = (.max, "")
            return
        }
        let parts = cursor.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let time = Int64(parts[0]) else {
            throw StoreError.preconditionFailed("the cursor is not one of ours")
        }
        (createdAt, id) = (time, String(parts[1]))
    }

    var text: String { "\(createdAt).\(id)" }
}
