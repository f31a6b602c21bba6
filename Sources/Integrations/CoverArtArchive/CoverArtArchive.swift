import Domain
import UseCases

/// The Cover Art Archive (musicbrainz.org/doc/Cover_Art_Archive/API): pictures of releases in MusicBrainz.
package struct CoverArtArchive: ArtworkSource {

    let caller: HTTPCaller
    /// Finds the release of an album without ids; nil where nobody does.
    let releases: MusicBrainz?

    private static let limit = Duration.seconds(20)
    private static let pictureLimit = Duration.seconds(60)
    /// To the archive, to one of its machines, and one more.
    private static let hops = 4
    private static let sizes = [1200, 500, 250]

    package init(caller: HTTPCaller, releases: MusicBrainz?) {
        self.caller = caller
        self.releases = releases
    }

    package var source: ServiceID { .coverart }

    /// By the ids of the album; else of the release that its names lead to.
    package func frontCovers(of album: AlbumQuestion) async throws -> [ArtworkCandidate] {
        var groups = [album.releaseGroupID]
        if let release = album.releaseID {
            let own = try await fronts("release", release)
            if !own.isEmpty { return own }
        }
        if album.releaseID == nil, album.releaseGroupID == nil, let found = try await releases?.release(of: album) {
            let own = try await fronts("release", found.item.id)
            if !own.isEmpty { return own }
            groups = [found.item.releaseGroup?.value?.id]
        }
        for group in groups.compactMap(\.self) {
            let some = try await fronts("release-group", group)
            if !some.isEmpty { return some }
        }
        return []
    }

    package func fetch(_ candidate: ArtworkCandidate, bytesMax: Int) async throws -> Artwork? {
        try await caller.picture(
            at: candidate.address, bytesMax: bytesMax, hops: Self.hops, within: Self.pictureLimit, of: source)
    }

    struct Index: Decodable, Sendable {
        struct Image: Decodable, Sendable {
            let image: LooseText?
            let thumbnails: [String: LooseText]?
            let types: LooseList<String>?
            let front: Bool?
            let approved: Bool?
        }

        let images: LooseList<Image>
    }

    private func fronts(_ entity: String, _ id: String) async throws -> [ArtworkCandidate] {
        guard let id = MusicBrainzID(id)?.text else { return [] }
        var request = ServiceRequest("/\(entity)/\(id)", limit: Self.limit)
        request.redirectsMax = Self.hops
        return try await caller.call(request) { answer in
            switch answer.status {
            case 200:
                Self.candidates(
                    try answer.read(Index.self, of: .coverart), encrypted: caller.address.isEncrypted)
            // Not known, or without pictures; 400 for an id that it does not like.
            case 400, 404: []
            default: throw answer.refusal(of: .coverart)
            }
        }
    }

    /// Large thumbnails first, which are JPEG always; then the picture as it was given; small ones last.
    /// - Parameter encrypted: the archive itself is asked over https, so its pictures are, too: its addresses are written
    ///   as they were before there was encryption.
    static func candidates(_ index: Index, encrypted isEncrypted: Bool) -> [ArtworkCandidate] {
        func address(_ text: String) -> String { isEncrypted ? encrypted(text) : text }
        let fronts = index.images.items.filter { $0.front == true || $0.types?.items.contains("Front") == true }
        // One that was voted on comes first; among equals the order of the archive.
        let ordered = fronts.filter { $0.approved != false } + fronts.filter { $0.approved == false }
        return ordered.flatMap { image -> [ArtworkCandidate] in
            var found: [ArtworkCandidate] = []
            for size in sizes {
                let name = ["\(size)"] + (size == 500 ? ["large"] : size == 250 ? ["small"] : [])
                guard let thumbnail = name.compactMap({ image.thumbnails?[$0]?.value }).first else { continue }
                found.append(ArtworkCandidate(source: .coverart, address: address(thumbnail), size: size))
            }
            if let whole = image.image?.value, !whole.lowercased().hasSuffix(".pdf") {
                let place = min(found.count, found.first?.size == 1200 ? 1 : 0)
                found.insert(ArtworkCandidate(source: .coverart, address: address(whole), size: nil), at: place)
            }
            return found
        }
    }

    static func encrypted(_ address: String) -> String {
        guard address.lowercased().hasPrefix("http://") else { return address }
        return "https://" + address.dropFirst("http://".count)
    }
}
