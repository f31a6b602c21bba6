import Domain

/// Where a handler writes down how far a download is, and reads it when it takes one up.
package protocol DownloadJournal: Sendable {
    /// Throws `CancellationError` for a download that was cancelled, `notFound` for one that nobody knows.
    func plan(of id: String) async throws -> DownloadPlan
    /// Throws as `plan`; then nothing was written.
    func note(_ note: DownloadNote, of id: String) async throws
}

package struct DownloadNote: Hashable, Sendable {
    package var state: DownloadRecord.State
    package var plan: DownloadPlan
    package var receivedBytes: Int64
    package var sizeBytes: Int64?
    package var message: String?

    package init(
        state: DownloadRecord.State, plan: DownloadPlan, receivedBytes: Int64 = 0, sizeBytes: Int64? = nil,
        message: String? = nil
    ) {
        self.state = state
        self.plan = plan
        self.receivedBytes = receivedBytes
        self.sizeBytes = sizeBytes
        self.message = message
    }
}

/// Downloads as people see and begin them.
package protocol DownloadStore: Sendable {
    /// Durable when it returns: the download and its task. The same idempotency key answers the first one again.
    func begin(
        _ question: DownloadQuestion, _ preference: DownloadPreference, idempotencyKey: String?
    ) async throws -> DownloadRecord
    /// Newest first.
    func downloads(_ page: PageRequest) async throws -> Page<DownloadRecord>
    func download(id: String) async throws -> DownloadRecord
    /// Its task is cancelled, too. Throws `preconditionFailed` when it is over.
    func cancelDownload(id: String, actor: String) async throws -> DownloadRecord
}
