/// What becomes of the tracks of a playlist: all are replaced, then some are taken out, then others are added.
package struct PlaylistEdit: Hashable, Sendable {
    /// Ids of tracks that the list has from now on; nil leaves it as it is.
    package var replacement: [Int64]?
    /// Positions of the list as it is before the edit (or of the replacement); any order, twice is once.
    package var removed: [Int]
    /// Ids of tracks for the end of the list.
    package var added: [Int64]

    package init(replacement: [Int64]? = nil, removed: [Int] = [], added: [Int64] = []) {
        self.replacement = replacement
        self.removed = removed
        self.added = added
    }

    package var isEmpty: Bool { replacement == nil && removed.isEmpty && added.isEmpty }

    package enum Problem: Error, Hashable, Sendable {
        case noEntry(at: Int)
        case tooMany(Int)
    }

    package func applied(to tracks: [Int64]) throws(Problem) -> [Int64] {
        var result = replacement ?? tracks
        if !removed.isEmpty {
            if let wrong = removed.first(where: { !result.indices.contains($0) }) { throw .noEntry(at: wrong) }
            let gone = Set(removed)
            result = result.enumerated().filter { !gone.contains($0.offset) }.map(\.element)
        }
        result += added
        guard result.count <= Playlist.maxEntries else { throw .tooMany(result.count) }
        return result
    }
}
