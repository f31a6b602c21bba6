import Domain
import UseCases

extension MemoryStore: Catalogue, SimilarityFinder {
    func track(id: Int64) async throws -> Track {
        try perform { try MemoryStore.find(id, in: $0.tracks, by: \.id) }
    }

    func tracks(_ filter: TrackFilter, page: PageRequest) async throws -> Page<Track> {
        try perform { state in
            let tracks = state.tracks.filter { track in
                (filter.albumID.map { $0 == track.albumID } ?? true)
                    && (filter.artistID.map { track.artistIDs.contains($0) } ?? true)
                    && (filter.path.map { $0 == track.path } ?? true)
            }
            return try MemoryStore.page(tracks, page)
        }
    }

    func tracks(ids: [Int64]) async throws -> [Track] {
        try perform { state in ids.compactMap { id in state.tracks.first { $0.id == id } } }
    }

    func albums(artistID: Int64?, page: PageRequest) async throws -> Page<Album> {
        try perform { try MemoryStore.page($0.albums, page) }
    }

    func album(id: Int64) async throws -> Album {
        try perform { try MemoryStore.find(id, in: $0.albums, by: \.id) }
    }

    func artists(_ page: PageRequest) async throws -> Page<Artist> {
        try perform { try MemoryStore.page($0.artists, page) }
    }

    func artist(id: Int64) async throws -> Artist {
        try perform { try MemoryStore.find(id, in: $0.artists, by: \.id) }
    }

    func cover(hash: String) async throws -> CoverImage {
        try perform { state in
            guard let cover = state.covers[hash] else { throw StoreError.notFound("no such cover") }
            return cover
        }
    }

    func search(_ text: String, limit: Int) async throws -> [Track] {
        try perform { state in
            Array(state.tracks.filter { $0.displayTitle.lowercased().hasPrefix(text.lowercased()) }.prefix(limit))
        }
    }

    func totals() async throws -> LibraryTotals {
        try perform { state in
            var totals = LibraryTotals()
            totals.tracks = state.tracks.count
            return totals
        }
    }

    func vectorChanges(model: String, after sequence: Int64, limit: Int) async throws -> [VectorChange] { [] }

    func similar(to trackID: Int64, limit: Int) async throws -> [SimilarTrack] {
        try perform { state in
            guard try MemoryStore.find(trackID, in: state.tracks, by: \.id).hasVector else {
                throw StoreError.preconditionFailed("the track is not analysed yet: its task is running")
            }
            return state.tracks.filter { $0.hasVector && $0.id != trackID }.prefix(limit).map {
                SimilarTrack(track: $0, score: 0.5)
            }
        }
    }

    private static func find<Item>(_ id: Int64, in items: [Item], by key: KeyPath<Item, Int64>) throws -> Item {
        guard let item = items.first(where: { $0[keyPath: key] == id }) else { throw StoreError.notFound("no such id") }
        return item
    }
}
