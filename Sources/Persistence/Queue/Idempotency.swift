import Crypto
import UseCases

/// Answers to requests that carried an `Idempotency-Key`, kept for a day.
enum Idempotency {
    struct Request {
        /// Nil: the sender takes no care, and nothing is kept.
        let key: String?
        let isTooLong: Bool
        let hash: [UInt8]

        /// - Parameter scope: what kind of request it is; keys of different scopes never meet.
        init(key: String?, scope: String, text: String) {
            isTooLong = (key?.utf8.count ?? 0) > Idempotency.maxKeyBytes
            self.key = key.map { scope + ":" + $0 }
            hash = Array(SHA256.hash(data: Array(text.utf8)))
        }
    }

    static let keepSeconds: Int64 = 24 * 3600
    static let maxKeyBytes = 255

    /// The first answer to the same request. Throws `conflict` when the key came with another request.
    static func answer(to request: Request, in transaction: QueueTransaction) throws -> String? {
        guard let key = request.key else { return nil }
        guard !request.isTooLong else {
            throw StoreError.preconditionFailed("the idempotency key is longer than \(maxKeyBytes) bytes")
        }
        try transaction.connection.lock(key)
        let oldest = transaction.now - keepSeconds * 1_000_000
        try transaction.connection.execute(
            "DELETE FROM idempotency WHERE key = \(key) AND created_at < \(oldest)")
        let kept = try transaction.connection.first(
            "SELECT request_hash, answer FROM idempotency WHERE key = \(key)"
        ) { (hash: $0.bytes(0) ?? [], answer: $0.text(1) ?? "") }
        guard let kept else { return nil }
        guard kept.hash == request.hash else {
            throw StoreError.conflict("the idempotency key was used for another request")
        }
        return kept.answer
    }

    static func keep(_ answer: String, for request: Request, in transaction: QueueTransaction) throws {
        guard let key = request.key else { return }
        try transaction.connection.execute(
            """
            INSERT INTO idempotency (key, request_hash, answer, created_at)
            VALUES (\(key), \(request.hash), \(answer), \(transaction.now))
            """)
    }
}

/// Cursors are ids in plain text: opaque to clients, checked here.
enum Cursor {
    static func id(_ cursor: String?) throws -> Int64? {
        guard let cursor else { return nil }
        guard let id = Int64(cursor), id > 0 else {
            throw StoreError.preconditionFailed("the cursor is not one of ours")
        }
        return id
    }
}
