import Domain

/// Files of one recording, the one that is best kept first.
package struct DuplicateGroup: Hashable, Sendable {
    package struct Member: Hashable, Sendable {
        package let track: Track
        package let quality: AudioQuality.Kind
        package let isBest: Bool
        /// Nil for the best one, and where all that it was compared with is missing.
        package let link: Link?
    }

    /// Why a file belongs to the group.
    package struct Link: Hashable, Sendable {
        /// The member that it was compared with.
        package let trackID: Int64
        package let evidence: DuplicateEvidence
    }

    package let id: String
    package let members: [Member]

    package init(_ stored: StoredDuplicates) {
        id = stored.id
        let longest = stored.tracks.map(\.lengthMs).max() ?? 0
        let rated = stored.tracks.map { (track: $0, quality: AudioQuality($0, longestMs: longest)) }.sorted {
            $0.quality == $1.quality ? $0.track.id < $1.track.id : $0.quality > $1.quality
        }
        let links = Links(rated.map(\.track), stored.pairs)
        members = rated.enumerated().map { place, item in
            Member(
                track: item.track, quality: item.quality.kind, isBest: place == 0,
                link: place == 0 ? nil : links.link(of: item.track, to: rated[0].track))
        }
    }
}

/// Who was compared with whom.
private struct Links {
    private var tracks: [String: [Int64]] = [:]
    private var pairs: [String: [(other: String, evidence: DuplicateEvidence)]] = [:]

    init(_ tracks: [Track], _ pairs: [DuplicatePair]) {
        for track in tracks { self.tracks[track.contentKey ?? "", default: []].append(track.id) }
        for pair in pairs {
            self.pairs[pair.one, default: []].append((pair.other, pair.evidence))
            self.pairs[pair.other, default: []].append((pair.one, pair.evidence.reversed))
        }
    }

    /// To the best one if they were compared, else the surest one there is to another of the group.
    func link(of track: Track, to best: Track) -> DuplicateGroup.Link? {
        let key = track.contentKey ?? ""
        if key == best.contentKey { return DuplicateGroup.Link(trackID: best.id, evidence: .sameContent) }
        let mine = pairs[key] ?? []
        if let direct = mine.first(where: { $0.other == best.contentKey }) {
            return DuplicateGroup.Link(trackID: best.id, evidence: direct.evidence)
        }
        let others = mine.filter { tracks[$0.other] != nil }
        if let surest = others.min(by: { $0.evidence.isSurer(than: $1.evidence) }),
            let other = tracks[surest.other]?.first
        {
            return DuplicateGroup.Link(trackID: other, evidence: surest.evidence)
        }
        // What it was compared with is missing; a twin of its own content may be there.
        return tracks[key]?.first { $0 != track.id }.map { DuplicateGroup.Link(trackID: $0, evidence: .sameContent) }
    }
}
