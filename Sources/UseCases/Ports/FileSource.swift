import Domain

/// Brings a file of the library within reach of this device.
package protocol FileSource: Sendable {
    /// True when every file lies where its payload says, and `reach` has nothing to do.
    var areNear: Bool { get }

    /// Calls `body` with a file that stays in reach until it returns. Throws `Failure` when there is no way to it.
    func reach<Result: Sendable>(
        _ wanted: WantedFile, lease: Lease, _ body: @Sendable (ReachedFile) async throws -> Result
    ) async throws -> Result
}

/// A file as the orchestrator knows it.
package struct WantedFile: Hashable, Sendable {
    package let file: MediaFile
    /// What is known of it; nil when nobody looked yet.
    package let size: Int64?
    package let mtimeNs: Int64?

    package init(_ file: MediaFile, size: Int64?, mtimeNs: Int64?) {
        self.file = file
        self.size = size
        self.mtimeNs = mtimeNs
    }
}

/// The same file as this device finds it.
package struct ReachedFile: Hashable, Sendable {
    package let file: MediaFile
    /// What `lstat` says of the file where it belongs; nil when what this device sees is just that.
    package let facts: FileFacts?

    package init(_ file: MediaFile, facts: FileFacts? = nil) {
        self.file = file
        self.facts = facts
    }
}

/// The files lie where the payloads say: on the orchestrator's own machine.
package struct LocalFiles: FileSource {
    package init() {}

    package var areNear: Bool { true }

    package func reach<Result: Sendable>(
        _ wanted: WantedFile, lease: Lease, _ body: @Sendable (ReachedFile) async throws -> Result
    ) async throws -> Result {
        try await body(ReachedFile(wanted.file))
    }
}
