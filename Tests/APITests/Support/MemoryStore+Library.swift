import Domain
import UseCases

extension MemoryStore: Catalogue, SimilarityFinder {
    func track(id: Int64) async throws -> Track {
        try perform { try MemoryStore.find(id, in: $0.tracks, by: \.id) }
    }

    func tracks(_ filter: TrackFilter, page: PageRequest) async throws -> Page<Track> {
        try perform { state in
            let tracks = state.tracks.filter { track in
                (!filter.isOnNoAlbum || track.albumID == nil)
                    && (filter.albumID.map { $0 == track.albumID } ?? true)
                    && (filter.artistID.map { track.artistIDs.contains($0) } ?? true)
                    && (filter.path.map { $0 == track.path } ?? true)
            }
            return try MemoryStore.page(tracks, page)
        }
    }

    func tracks(ids: [Int64]) async throws -> [Track] {
        try perform { state in ids.compactMap { id in state.tracks.first { $0.id == id } } }
    }

    func albums(artistID: Int64?, starredBy: Int64?, page: PageRequest) async throws -> Page<Album> {
        try perform { try MemoryStore.page($0.albums, page) }
    }

    func album(id: Int64) async throws -> Album {
        try perform { try MemoryStore.find(id, in: $0.albums, by: \.id) }
    }

    func newestAlbums(starredBy: Int64?, page: PageRequest) async throws -> Page<Album> {
        try perform { state in
            let starred = starredBy.map { state.marks[$0, default: [:]] }
            let albums = state.albums.filter { starred?[.album($0.id)]?.starredAt != nil || starred == nil }
            return try MemoryStore.page(albums.reversed(), page)
        }
    }

    func artists(starredBy: Int64?, from start: String?, _ page: PageRequest) async throws -> Page<Artist> {
        try perform { state in try MemoryStore.page(state.artists.filter { $0.name >= start ?? "" }, page) }
    }

    func genres(_ page: PageRequest) async throws -> Page<Genre> {
        try perform { state in
            let names = Set(state.tracks.flatMap(\.metadata.genres)).sorted()
            return try MemoryStore.page(
                names.enumerated().map { Genre(id: Int64($0 + 1), name: $1, trackCount: 5) }, page)
        }
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

    func searchNames(_ text: String, limit: Int) async throws -> NamesFound {
        try perform { state in
            NamesFound(
                albums: Array(state.albums.filter { $0.title.hasPrefix(text) }.prefix(limit)),
                artists: Array(state.artists.filter { $0.name.hasPrefix(text) }.prefix(limit)))
        }
    }

    func artist(named name: String) async throws -> Artist? {
        try perform { state in state.artists.first { $0.name.lowercased() == name.lowercased() } }
    }

    func totals() async throws -> LibraryTotals {
        try perform { state in
            var totals = LibraryTotals()
            totals.tracks = state.tracks.count
            return totals
        }
    }

    func lastVectorChange() async throws -> Int64 { 0 }

    func allVectors(model: String, _ take: @Sendable @escaping (Int64, [Float]) -> Void) async throws -> Int64 { 0 }

    func allFacts(_ take: @Sendable @escaping (FactsPart) -> Void) async throws -> Int64 { 0 }

    func vectorChanges(model: String, after sequence: Int64, limit: Int) async throws -> [VectorChange] { [] }

    func factsChanges(after sequence: Int64, limit: Int) async throws -> [FactsChange] { [] }

    func genreIDs(named names: [String]) async throws -> [Int64?] { names.map { _ in nil } }

    func task(ofTrack id: Int64) async throws -> TaskRecord? { try perform { $0.taskOfTrack } }

    func similar(_ question: SimilarQuestion) async throws -> [SimilarTrack] {
        try perform { state in
            state.similarQuestions.append(question)
            return try MemoryStore.answers(question.target, state, limit: question.limit)
        }
    }

    func path(_ question: PathQuestion) async throws -> [SimilarTrack] {
        guard question.from != question.to else { throw SimilarityProblem.senseless("a path leads elsewhere") }
        return try perform { state in
            state.pathQuestions.append(question)
            return try [question.from, question.to].map {
                var stop = SimilarTrack(track: try MemoryStore.find($0, in: state.tracks, by: \.id), score: 1)
                stop.step = 0.25
                return stop
            }
        }
    }

    func radio(_ question: RadioQuestion) async throws -> RadioStretch {
        try perform { state in
            state.radioQuestions.append(question)
            let items = try MemoryStore.answers(question.target, state, limit: question.limit)
            return RadioStretch(items: items, seed: question.place.seed, next: question.place)
        }
    }

    private static func answers(_ target: SimilarityTarget, _ state: State, limit: Int) throws -> [SimilarTrack] {
        for case .track(let id) in target.plus {
            guard try find(id, in: state.tracks, by: \.id).hasVector else {
                throw SimilarityProblem.notHeard(
                    "the track is not analysed yet: its task is running", state.tasks.first)
            }
        }
        return state.tracks.filter { $0.hasVector && !target.plus.contains(.track($0.id)) }.prefix(limit).map {
            var similar = SimilarTrack(track: $0, score: 0.5)
            similar.why.shares = SoundShares(between: FeatureBlock.axis(0), and: FeatureBlock.axis(70))
            similar.why.rank = 3
            similar.why.movedBy = .artistGap
            return similar
        }
    }

    static func find<Item, Key: Equatable>(_ id: Key, in items: [Item], by key: KeyPath<Item, Key>) throws -> Item {
        guard let item = items.first(where: { $0[keyPath: key] == id }) else { throw StoreError.notFound("no such id") }
        return item
    }
}

extension FeatureBlock {
    /// A unit vector of `acoustic-v1`'s length.
    fileprivate static func axis(_ index: Int) -> [Float] {
        (0..<totalDimensions).map { $0 == index ? 1 : 0 }
    }
}
