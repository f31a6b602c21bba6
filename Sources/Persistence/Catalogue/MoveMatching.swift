import Domain

/// Pairs files that arrived with tracks whose file is gone, by size and time. Pure, and the same for any order of input.
enum MoveMatching {
    struct Lost {
        let trackID: Int64
        let name: [UInt8]
        let facts: FileFacts
        let isPresent: Bool
    }

    struct Move {
        let trackID: Int64
        let arrival: ScanCandidates.Entry
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
                guard let trackID = free[Facts(arrival.facts)]?.take(arrival, rank) else { return true }
                moves.append(Move(trackID: trackID, arrival: arrival))
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

        private let byID: [Int64]
        private let byInode: [Inode: Int64]
        private let byName: [[UInt8]: [Int64]]
        private var taken: Set<Int64> = []
        private var next = 0

        init(_ lost: [Lost]) {
            let lost = lost.sorted { $0.trackID < $1.trackID }
            byID = lost.map(\.trackID)
            byInode = Dictionary(
                lost.map { (Inode(inode: $0.facts.inode, device: $0.facts.device), $0.trackID) },
                uniquingKeysWith: { first, _ in first })
            byName = Dictionary(grouping: lost, by: \.name).mapValues { $0.map(\.trackID) }
        }

        mutating func take(_ arrival: ScanCandidates.Entry, _ rank: Rank) -> Int64? {
            let candidate: Int64? =
                switch rank {
                case .inode: byInode[Inode(inode: arrival.facts.inode, device: arrival.facts.device)]
                case .name: byName[arrival.name]?.first { !taken.contains($0) }
                case .any: firstFree()
                }
            guard let candidate, taken.insert(candidate).inserted else { return nil }
            return candidate
        }

        private mutating func firstFree() -> Int64? {
            while next < byID.count, taken.contains(byID[next]) { next += 1 }
            return next < byID.count ? byID[next] : nil
        }
    }
}
