import Contracts
import Domain

/// Walks a folder and reports what it sees, folder by folder; the broker decides what is new, changed or gone.
struct ScanLibrary: Sendable {
    let walker: any FolderWalker
    let reporter: any ScanReporter

    /// A report is sent when it holds this many files or folders.
    private static let filesPerReport = 512
    private static let foldersPerReport = 128

    func run(_ payload: ScanLibraryPayload, lease: Lease) async throws -> ScanCompleteOutcome {
        let known = try await reporter.beginWalk(lease: lease)
        var walk = Walk()
        do {
            let isShallow = payload.isShallow == true
            try await walker.walk(payload.path, within: payload.rootPath, isShallow: isShallow) { listing in
                walk.add(listing)
                if walk.isFull(files: Self.filesPerReport, folders: Self.foldersPerReport) {
                    try await send(&walk, lease: lease)
                }
            } problem: { problem in
                walk.add(problem)
            }
        } catch let failure as Failure where failure.reason == .rootUnavailable {
            return outcome(payload, vanished: [], problems: [failure.message], rootUnavailable: true)
        }
        try await send(&walk, lease: lease)
        return outcome(
            payload, vanished: walk.vanished(from: known), problems: walk.messages,
            rootUnavailable: false)
    }

    private func send(_ walk: inout Walk, lease: Lease) async throws {
        while !walk.listings.isEmpty || !walk.gone.isEmpty {
            let directive = try await reporter.report(walk.listings, gone: walk.gone, lease: lease)
            guard case .proceed(let suspects) = directive else { throw CancellationError() }
            walk.listings = []
            walk.pendingFiles = 0
            walk.gone = suspects.isEmpty ? [] : await walker.gone(among: suspects)
        }
    }

    private func outcome(
        _ payload: ScanLibraryPayload, vanished: [Int64], problems: [String], rootUnavailable: Bool
    ) -> ScanCompleteOutcome {
        ScanCompleteOutcome(
            scanID: payload.scanID, rootUnavailable: rootUnavailable, vanishedFolderIDs: vanished,
            problems: Array(problems.prefix(ScanCompleteOutcome.maxProblems)))
    }

    private struct Walk {
        var listings: [FolderListing] = []
        var pendingFiles = 0
        /// Where known files were that were met elsewhere.
        var gone: [FilePath] = []
        var visited: Set<FilePath> = []
        /// Paths that could not be read, or were not asked for: what lies below them is unknown, not gone.
        var unread: Set<FilePath> = []
        var messages: [String] = []

        mutating func add(_ listing: FolderListing) {
            listings.append(listing)
            pendingFiles += listing.weight
            visited.insert(listing.path)
        }

        mutating func add(_ problem: WalkProblem) {
            if !problem.isIgnored { unread.insert(problem.path) }
            if let message = problem.message, messages.count < ScanCompleteOutcome.maxProblems {
                messages.append(message)
            }
        }

        func isFull(files: Int, folders: Int) -> Bool {
            pendingFiles >= files || listings.count >= folders
        }

        /// Known folders that were not met and do not lie below one that could not be read.
        func vanished(from known: [KnownFolder]) -> [Int64] {
            known.filter { !visited.contains($0.path) && !isBelowUnread($0.path) }.map(\.id)
        }

        private func isBelowUnread(_ path: FilePath) -> Bool {
            guard !unread.isEmpty else { return false }
            var path = path
            while !unread.contains(path) {
                let parent = path.parent
                if parent == path { return false }
                path = parent
            }
            return true
        }
    }
}
