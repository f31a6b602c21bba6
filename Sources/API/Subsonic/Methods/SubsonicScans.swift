import Domain
import UseCases

/// startScan and getScanStatus, with what Navidrome added to them.
struct SubsonicScans: Sendable {
    let services: APIServices

    private static let maxTargets = 100
    private static let isOpen: Set<Scan.State> = [.queued, .running]

    var methods: [SubsonicMethod] {
        [
            SubsonicMethod("startScan") { call in
                let mode: Scan.Mode = try call.parameters.flag("fullScan") == true ? .full : .quick
                for folder in try await folders(call.parameters) {
                    guard try await !isScanning(folder, mode) else { continue }
                    _ = try await services.scans.startScan(
                        NewScan(path: folder, mode: mode, priority: .normal, until: .vector), idempotencyKey: nil)
                }
                return .node("scanStatus", try await status())
            },
            SubsonicMethod("getScanStatus") { _ in .node("scanStatus", try await status()) },
        ]
    }

    /// All library roots, or the folders that `target` names: `ROOT:FOLDER`, with the number of the root and the path
    /// inside it.
    private func folders(_ parameters: SubsonicParameters) async throws -> [FilePath] {
        let (targets, roots) = (parameters.list("target"), try await services.browser.roots())
        guard !targets.isEmpty else { return roots.map(\.path) }
        guard targets.count <= Self.maxTargets else {
            throw SubsonicError(.generic, "more than \(Self.maxTargets) targets")
        }
        return try targets.map { target throws(SubsonicError) in
            let parts = target.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard let id = Int64(parts[0]) else { throw .invalid("target", "ROOT:FOLDER") }
            guard let root = roots.first(where: { $0.id == id }) else { throw .notFound }
            guard parts.count > 1, !parts[1].isEmpty else { return root.path }
            let folder = root.path.appending(Array(parts[1].utf8))
            guard folder.isCanonical, let real = services.folder(folder), root.path.contains(real) else {
                throw .notFound
            }
            return real
        }
    }

    /// One that waits or runs does what another would do.
    private func isScanning(_ folder: FilePath, _ mode: Scan.Mode) async throws -> Bool {
        try await newest().contains {
            Self.isOpen.contains($0.state) && $0.path.contains(folder) && ($0.mode == mode || $0.mode == .full)
        }
    }

    private func newest() async throws -> [Scan] {
        try await services.scans.scans(PageRequest(limit: PageRequest.maxLimit)).items
    }

    private func status() async throws -> SubsonicNode {
        let scans = try await newest()
        let open = scans.filter { Self.isOpen.contains($0.state) }
        let last = scans.first { !Self.isOpen.contains($0.state) }
        var node = SubsonicNode()
        node.set("scanning", flag: !open.isEmpty)
        if open.isEmpty {
            node.set("count", try await services.catalogue.totals().tracks)
            node.set("folderCount", last?.progress.folders ?? 0)
        } else {
            node.set("count", open.map(\.progress.found).reduce(0, +))
            node.set("folderCount", open.map(\.progress.folders).reduce(0, +))
        }
        node.set("lastScan", time: last?.finishedAt)
        if let last, last.state == .failed { node.set("error", last.notice ?? "the last scan failed") }
        if let shown = open.last ?? last {
            node.set("scanType", shown.mode.rawValue)
            let end = Self.isOpen.contains(shown.state) ? services.clock() : shown.finishedAt ?? shown.createdAt
            node.set("elapsedTime", max(0, end - shown.createdAt) / 1_000_000)
        }
        return node
    }
}
