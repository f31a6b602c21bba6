import API
import Domain

struct RootView: Decodable, Sendable {
    var id: Int64
    var path: String
    var isReachable: Bool
    var watch: Bool
    var schedule: String
    var tracks: Int
    var missing: Int
    var lastScan: LastScanView?
    var nextScanAt: String?
    /// Nil from a server that keeps no roots up to date.
    var watching: WatchingView?

    enum CodingKeys: String, CodingKey {
        case id, path, watch, schedule, tracks, missing, watching
        case isReachable = "is_reachable"
        case lastScan = "last_scan"
        case nextScanAt = "next_scan_at"
    }

    var filePath: FilePath? { FilePath(encoded: path) }
    var shownPath: String { filePath?.display ?? path }

    /// `Root 3, /music. Watched: 1,204 folders. Schedule: auto.`
    var sentence: String { "Root \(id), \(shownPath). Watched: \(watched ?? "–"). Schedule: \(schedule)." }

    /// `1,204 folders`, or why not.
    var watched: String? { watching?.coverage?.words ?? (watch ? nil : WatchCoverage.none(.off).words) }

    static func table(_ roots: [RootView]) -> TextTable {
        var table = TextTable([
            .init("ID", .right), .init("PATH", canShrink: true), .init("TRACKS", .right), .init("MISSING", .right),
            .init("WATCHED", canShrink: true), .init("SCHEDULE"), .init("NEXT SCAN"), .init("LAST SCAN"),
        ])
        for root in roots {
            table.add([
                "\(root.id)", root.shownPath + (root.isReachable ? "" : " (not reachable)"),
                Readable.count(root.tracks), Readable.count(root.missing), root.watched, root.schedule,
                root.nextScanAt.map(Readable.minute), root.lastScan?.text ?? "never",
            ])
        }
        return table
    }
}

struct WatchingView: Decodable, Sendable {
    var share: String
    var folders: Int
    var because: String?

    enum CodingKeys: String, CodingKey {
        case folders, because
        case share = "coverage"
    }

    /// Nil for words of a newer server.
    var coverage: WatchCoverage? {
        let gap = because.flatMap(WatchCoverage.Gap.init)
        switch (share, gap) {
        case ("starting", _): return .starting
        case ("whole", _): return .whole(folders: folders)
        case ("part", let gap?): return .part(folders: folders, gap)
        case ("none", let gap?): return WatchCoverage.none(gap)
        default: return nil
        }
    }
}

struct LastScanView: Decodable, Sendable {
    var state: String
    var cause: String
    var createdAt: String
    var finishedAt: String?

    enum CodingKeys: String, CodingKey {
        case state, cause
        case createdAt = "created_at"
        case finishedAt = "finished_at"
    }

    /// `2026-03-01 12:00, finished, by the watcher`
    var text: String {
        let parts = [Readable.minute(finishedAt ?? createdAt), state, Scan.Cause(rawValue: cause)?.words]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }
}

/// The library root that somebody means: by id or by path.
struct RootFinder: Sendable {
    let client: APIClient

    func find(_ text: String) async throws -> RootView {
        let roots = try await client.get("/v1/roots").decode(PageView<RootView>.self).items
        if let id = Int64(text) {
            if let root = roots.first(where: { $0.id == id }) { return root }
            throw CommandError.failed("there is no library root \(id); see: sillon roots list")
        }
        let path = try PathArgument.known(text)
        if let root = roots.first(where: { $0.filePath == path }) { return root }
        throw CommandError.failed("\(path.display) is no library root; see: sillon roots list")
    }
}
