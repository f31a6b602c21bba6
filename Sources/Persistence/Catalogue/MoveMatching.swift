import Domain

/// Pairs files that arrived with tracks whose file is gone, by size and time. Pure, and the same for any order of input.
enum MoveMatching {
    struct Lost: Sendable {
        let trackID: Int64
        let folderID: Int64
        let name: [UInt8]
        let facts: FileFacts
        let isPresent: Bool
        /// A sheet cuts the file, or has cut it.
        let hasSheet: Bool

        var file: [UInt8] { PartName(stored: name).file }
    }

    /// A file moves with all its rows, so that one stands for them: the oldest that is present, or else the oldest.
    static func onePerFile(_ lost: [Lost]) -> [Lost] {
        Dictionary(grouping: lost, by: Place.init).values.compactMap { rows in
            let rows = rows.sorted { $0.trackID < $1.trackID }
            return rows.first(where: \.isPresent) ?? rows.first
        }
    }

    /// Of a file.
    struct Place: Hashable {
        let folderID: Int64
        let file: [UInt8]

        init(_ lost: Lost) {
            folderID = lost.folderID
            file = lost.file
        }
    }

    struct Move: Sendable {
        let lost: Lost
        let arrival: ScanCandidates.Entry

        var trackID: Int64 { lost.trackID }
        var path: FilePath { arrival.path }
    }

    /// What a moved file surely keeps.
    struct Facts: Hashable {
        let size: Int64
        let mtimeNs: Int64

        init(_ facts: FileFacts) {
            size = facts.size
            mtimeNs = facts.mtimeNs
        }
    }

    /// A file may arrive where another track is known only when that track moves on as well: so an album can be
    /// renumbered, and two files can swap their names. Where the chain breaks, the path keeps its track.
    static func match(
        _ arrivals: [ScanCandidates.Entry], _ lost: [Lost]
    ) -> (moves: [Move], copies: [ScanCandidates.Entry]) {
        var (moves, copies) = pair(arrivals, lost)
        while true {
            let moving = Set(moves.map(\.trackID))
            let blocked = moves.filter { move in move.arrival.trackID.map { !moving.contains($0) } ?? false }
            guard !blocked.isEmpty else { return (moves, copies) }
            let blockedIDs = Set(blocked.map(\.trackID))
            moves.removeAll { blockedIDs.contains($0.trackID) }
            copies += blocked.map(\.arrival)
        }
    }

    /// Cuts moves into steps in which each finds its place free, freed by a step before, or left in the same step. A
    /// step holds up to `maxItems` moves, and more only where so many wait for each other: where files have changed
    /// places in a circle, or a whole album was renumbered.
    static func steps(_ moves: [Move], maxItems: Int) -> [[Move]] {
        let places = Dictionary(
            moves.enumerated().map { ($0.element.trackID, $0.offset) }, uniquingKeysWith: { first, _ in first })
        var isTaken = Array(repeating: false, count: moves.count)
        var steps: [[Move]] = []
        for start in moves.indices {
            var chain: [Move] = []
            var next: Int? = start
            while let place = next, !isTaken[place] {
                isTaken[place] = true
                chain.append(moves[place])
                next = moves[place].arrival.trackID.flatMap { places[$0] }
            }
            if let last = steps.indices.last, steps[last].count + chain.count <= maxItems {
                steps[last] += chain
            } else if !chain.isEmpty {
                steps.append(chain)
            }
        }
        return steps
    }

    /// The same inode on the same device is the best match, then the same name, then the older track.
    private static func pair(
        _ arrivals: [ScanCandidates.Entry], _ lost: [Lost]
    ) -> (moves: [Move], copies: [ScanCandidates.Entry]) {
        var free = Dictionary(grouping: lost) { Facts($0.facts) }
            .mapValues(Shelf.init)
        var moves: [Move] = []
        var open = arrivals.sorted { place($0).lexicographicallyPrecedes(place($1)) }
        for rank in Rank.allCases {
            open = open.filter { arrival in
                guard let lost = free[Facts(arrival.facts)]?.take(arrival, rank) else { return true }
                moves.append(Move(lost: lost, arrival: arrival))
                return false
            }
        }
        return (moves, open)
    }

    private static func place(_ entry: ScanCandidates.Entry) -> [UInt8] { entry.folder.appending(entry.name).bytes }

    private enum Rank: CaseIterable {
        case inode, name, any
    }

    /// Lost tracks with the same size and time. Many files may share both, so no look-up is linear.
    private struct Shelf {
        private struct Inode: Hashable {
            let inode: Int64
            let device: Int64
        }

        private let byID: [Lost]
        private let byInode: [Inode: Lost]
        private let byName: [[UInt8]: [Lost]]
        private var taken: Set<Int64> = []
        private var next = 0

        init(_ lost: [Lost]) {
            byID = lost.sorted { $0.trackID < $1.trackID }
            byInode = Dictionary(
                byID.map { (Inode(inode: $0.facts.inode, device: $0.facts.device), $0) },
                uniquingKeysWith: { first, _ in first })
            byName = Dictionary(grouping: byID, by: \.file)
        }

        mutating func take(_ arrival: ScanCandidates.Entry, _ rank: Rank) -> Lost? {
            let candidate: Lost? =
                switch rank {
                case .inode: byInode[Inode(inode: arrival.facts.inode, device: arrival.facts.device)]
                case .name: byName[arrival.name]?.first { !taken.contains($0.trackID) }
                case .any: firstFree()
                }
            guard let candidate, taken.insert(candidate.trackID).inserted else { return nil }
            return candidate
        }

        private mutating func firstFree() -> Lost? {
            while next < byID.count, taken.contains(byID[next].trackID) { next += 1 }
            return next < byID.count ? byID[next] : nil
        }
    }
}

extension MoveMatching.Lost {
    static let columns: Query = """
        track.id, track.folder_id, track.name, track.size, track.mtime_ns, track.inode, track.device, track.state,
        track.sheet_digest
        """

    init(_ row: any Row) {
        trackID = row.int(0) ?? 0
        folderID = row.int(1) ?? 0
        name = row.bytes(2) ?? []
        facts = FileFacts(
            size: row.int(3) ?? 0, mtimeNs: row.int(4) ?? 0, inode: row.int(5) ?? 0, device: row.int(6) ?? 0)
        isPresent = row.int(7) == CatalogueRows.present
        hasSheet = row.text(8) != nil
    }
}
