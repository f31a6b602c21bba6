import Contracts
import Domain
import Logging
import Similarity
import Synchronization
import Telemetry

/// Draws the library on its plane, and sees to it that there is one which fits.
package final class TrackMap: MapFinder {
    private let similarity: SimilarTracks
    private let store: any MapStore
    private let logger: Logger
    /// What `look` knows of the plane, so that it need not ask the database where nothing changed.
    private let known = Mutex<(vectors: Int, dimension: Int)?>(nil)

    package static let minTracks = 3
    /// Genres with a colour of their own.
    package static let legend = 12
    /// Of more vectors, so many are looked at for the plane.
    package static let sample = 20_000
    private static let seed: UInt64 = 1

    package init(similarity: SimilarTracks, store: any MapStore, logger: Logger) {
        self.similarity = similarity
        self.store = store
        self.logger = logger
    }

    package func mark(model: String?) async throws -> String {
        try await scene(model).mark
    }

    package func map(model: String?) async throws -> LibraryMap {
        let scene = try await scene(model)
        let index = try await similarity.vectors.all(of: scene.table.ids)
        // A new space may have begun meanwhile.
        guard index.dimension == scene.basis.dimension else { throw MapProblem.notDrawn }
        let points = index.points(on: scene.basis)
        let colours = scene.table.colours(of: points.ids, legend: Self.legend)
        let names = try await store.genreNames(colours.genres.map(\.id))
        var map = LibraryMap(model: similarity.model, mark: scene.mark)
        map.genres = colours.genres.map { LibraryMap.Genre(name: names[$0.id] ?? "", tracks: $0.tracks) }
        (map.ids, map.x, map.y) = (points.ids, points.x, points.y)
        (map.genre, map.tempo, map.key) = (colours.genre, colours.tempo, colours.key)
        return map
    }

    /// Everything that a picture is made of.
    private struct Scene {
        let table: FactsTable
        let basis: MapBasis
        let mark: String
    }

    private func scene(_ model: String?) async throws -> Scene {
        guard model == nil || model == similarity.model else {
            throw MapProblem.unknownModel(known: similarity.model)
        }
        try await similarity.catchUp()
        let (table, position) = similarity.facts.snapshot
        let vectors = similarity.held ?? table.count
        guard vectors >= Self.minTracks else {
            throw MapProblem.tooFew(tracks: vectors, needed: Self.minTracks)
        }
        guard let plane = try await store.basis(model: similarity.model),
            plane.basis.dimension == (try await similarity.vectors.dimension)
        else { throw MapProblem.notDrawn }
        return Scene(
            table: table, basis: plane.basis, mark: "\(Self.form).\(plane.computedAt).\(plane.version).\(position)")
    }

    /// Counts up when the same library is to look another way.
    private static let form = 1

    /// Queues a task when there is no plane, or half as many vectors more than when it was found. Asks the database only
    /// then, and counts in memory otherwise.
    package func look() async throws {
        let vectors = similarity.held ?? similarity.facts.table.count
        guard vectors >= Self.minTracks else { return }
        let dimension = try await similarity.vectors.dimension
        let fits = { (plane: (vectors: Int, dimension: Int)) in
            plane.dimension == dimension && vectors * 2 < plane.vectors * 3
        }
        if let known = known.withLock({ $0 }), fits(known) { return }
        let plane = try await store.basis(model: similarity.model)
        if let plane, fits((plane.vectors, plane.basis.dimension)) {
            known.withLock { $0 = (plane.vectors, plane.basis.dimension) }
            return
        }
        guard try await !store.hasProjection(model: similarity.model) else { return }
        let index = try await similarity.vectors.all(of: similarity.facts.table.ids)
        guard index.count >= Self.minTracks else { return }
        // There may be facts of tracks without a vector, and nothing else is counted where vectors are elsewhere.
        if let plane, plane.basis.dimension == index.dimension, index.count * 2 < plane.vectors * 3 {
            known.withLock { $0 = (vectors, index.dimension) }
            return
        }
        let payload = payload(index, turning: plane?.basis)
        guard try await store.queueProjection(payload, replacing: plane?.version) else { return }
        logger.info("The map of the library is drawn anew", metadata: [LogKeys.count: "\(index.count)"])
    }

    private func payload(_ index: VectorIndex, turning basis: MapBasis?) -> ProjectMapPayload {
        let statistics = index.statistics(sample: Self.sample, seed: Self.seed)
        let axes = basis?.dimension == index.dimension ? basis?.axes.flatMap(\.self) : nil
        return ProjectMapPayload(
            model: similarity.model, vectors: index.count, mean: PackedFloats(statistics.mean),
            covariance: PackedFloats(statistics.covariance), previousAxes: axes.map(PackedFloats.init))
    }
}
