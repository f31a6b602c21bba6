import Domain

/// What services outside know of the library, as the database keeps it.
package protocol EnrichmentStore: Sendable {
    /// Answers to the question as it would be asked today, in the order of the sources.
    func findings(of kind: OutsideSubject.Kind, id: Int64) async throws -> [OutsideFinding]

    /// Queues a task that asks the sources whose answers are missing or old; with `refresh`, all of them. Answers the
    /// living task where there is one, and nil when there is nothing to ask. Throws `notFound`, and `preconditionFailed`
    /// where no source is set up.
    func enrich(_ kind: OutsideSubject.Kind, id: Int64, refresh: Bool, priority: Priority) async throws -> TaskRecord?

    /// Queues tasks of low priority for up to `limit` albums or artists after `id` that a source was never asked about.
    /// Answers the last that it looked at, nil when there was none, and how many tasks are new.
    func queueMissing(
        _ kind: OutsideSubject.Kind, after id: Int64, limit: Int
    ) async throws -> (last: Int64?, queued: Int)
}

/// A source as far as the database has to know it.
package struct EnrichmentSource: Hashable, Sendable {
    package let source: ServiceID
    package let kinds: Set<OutsideSubject.Kind>
    /// What was said in another language is asked for again.
    package let language: String?

    package init(source: ServiceID, kinds: Set<OutsideSubject.Kind>, language: String?) {
        self.source = source
        self.kinds = kinds
        self.language = language
    }
}
