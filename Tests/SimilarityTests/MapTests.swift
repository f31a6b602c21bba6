import Domain
import Testing

@testable import Similarity

@Suite struct MapTests {
    /// Points around a middle, three times as wide along the first of two diagonals as along the second.
    private func cloud(_ count: Int, seed: UInt64 = 7) throws -> VectorIndex {
        var (index, generator) = (VectorIndex(dimension: 6), SplitMix64(seed: seed))
        for id in 1...Int64(count) {
            var vector = (0..<6).map { _ in Float.random(in: -0.01...0.01, using: &generator) }
            let (wide, narrow) = (
                Float.random(in: -0.3...0.3, using: &generator), Float.random(in: -0.1...0.1, using: &generator)
            )
            vector[0] += 0.5 + wide
            vector[1] += wide
            vector[2] += narrow
            vector[3] -= narrow
            try index.upsert(id, vector)
        }
        return index
    }

    private func basis(of index: VectorIndex, turning previous: [Float]? = nil) throws -> MapBasis {
        let statistics = index.statistics(sample: .max, seed: 1)
        return try #require(
            MapBasis.fit(mean: statistics.mean, covariance: statistics.covariance, previousAxes: previous))
    }

    private func cosine(_ one: [Float], _ other: [Float]) -> Float { zip(one, other).reduce(0) { $0 + $1.0 * $1.1 } }

    @Test("The picture lies where the points are widest, and its extent is theirs")
    func widest() throws {
        let basis = try basis(of: cloud(4000))
        let root = Float(0.5).squareRoot()
        #expect(abs(cosine(basis.axes[0], [root, root, 0, 0, 0, 0])) > 0.9999)
        #expect(abs(cosine(basis.axes[1], [0, 0, root, -root, 0, 0])) > 0.999)
        #expect(abs(cosine(basis.axes[0], basis.axes[1])) < 1e-6)
        // A uniform width of w has a variance of w² / 12; a diagonal is the square root of two as long.
        #expect(abs(basis.spread - (0.6 * 0.6 / 12 * 2).squareRoot()) < 0.01)
        #expect(abs(basis.mean[0] - 0.5) < 0.02)
    }

    @Test("A picture of more points looks as the one before, however the axes of both point")
    func stable() throws {
        let (few, many) = (try cloud(800), try cloud(4000))
        let first = try basis(of: few)
        // The same plane, mirrored and turned by a right angle.
        let turned = first.axes[1].map { -$0 } + first.axes[0]
        let mirrored = first.axes[1] + first.axes[0]
        for axes in [first.axes.flatMap(\.self), turned, mirrored] {
            let second = try basis(of: many, turning: axes)
            #expect(cosine(second.axes[0], Array(axes.prefix(6))) > 0.99)
            #expect(cosine(second.axes[1], Array(axes.suffix(6))) > 0.99)
        }
        let again = try basis(of: many, turning: try basis(of: many).axes.flatMap(\.self))
        #expect(cosine(again.axes[0], try basis(of: many).axes[0]) > 0.99999)
    }

    @Test("The axes are those that Jacobi's rotations find")
    func agrees() throws {
        var generator = SplitMix64(seed: 3)
        let size = 24
        let rows = (0..<60).map { _ in (0..<size).map { _ in Float.random(in: -1...1, using: &generator) } }
        var statistics = VectorStatistics(dimension: size)
        for row in rows { statistics.add(row) }
        let matrix = try #require(SymmetricMatrix(upperTriangle: statistics.covariance, size: size))
        let (found, exact) = (PrincipalAxes.find(2, of: matrix), matrix.eigenpairs())
        for index in 0..<2 {
            #expect(abs(found.variances[index] - exact[index].value) < 1e-7)
            #expect(abs(dot(found.axes[index], exact[index].vector)) > 0.99999)
            let image = matrix.times(exact[index].vector)
            for (one, other) in zip(image, exact[index].vector) {
                #expect(abs(one - exact[index].value * other) < 1e-9)
            }
        }
        #expect(abs(exact.map(\.value).reduce(0, +) - matrix.trace) < 1e-9)
    }

    @Test("Points that do not differ have a picture; numbers that are no covariance have none")
    func degenerate() throws {
        var index = VectorIndex(dimension: 2)
        for id in 1...5 as ClosedRange<Int64> { try index.upsert(id, [0.6, 0.8]) }
        let points = index.points(on: try basis(of: index))
        #expect(points.ids == [1, 2, 3, 4, 5])
        #expect(points.x.allSatisfy { abs(Int($0) - 32768) < 4 })
        #expect(MapBasis.fit(mean: [0.5], covariance: [1], previousAxes: nil) == nil)
        #expect(MapBasis.fit(mean: [0.5, 0], covariance: [1, 0], previousAxes: nil) == nil)
        #expect(MapBasis.fit(mean: [0.5, .nan], covariance: [1, 0, 1], previousAxes: nil) == nil)
        #expect(MapBasis.fit(mean: [0.5, 0], covariance: [1, .infinity, 1], previousAxes: nil) == nil)
        #expect(MapBasis.fit(mean: [0.5, 0], covariance: [1, 0, 1], previousAxes: [.nan, 0, 0, 1]) != nil)
    }

    @Test("Coordinates say how far a point lies from the middle; what is too far lies at the rim")
    func coordinates() throws {
        var index = VectorIndex(dimension: 2)
        for (id, vector) in [(9, [0, 0]), (3, [1, -2]), (5, [1000, -1000])] as [(Int64, [Float])] {
            try index.upsert(id, vector)
        }
        try index.upsert(4, [1, 1])
        index.remove(4)
        let points = index.points(on: MapBasis(mean: [0, 0], axes: [[1, 0], [0, 1]], spread: 0.5))
        #expect(points.ids == [3, 5, 9])
        #expect(points.x == [40959, 65535, 32768] && points.y == [16384, 0, 32768])
    }

    @Test("A sample is what chance picks, and the same each time")
    func sample() throws {
        let index = try cloud(3000)
        let some = index.statistics(sample: 500, seed: 1)
        #expect(some.count == 500 && some.mean == index.statistics(sample: 500, seed: 1).mean)
        #expect(some.mean != index.statistics(sample: 500, seed: 2).mean)
        #expect(abs(some.mean[0] - 0.5) < 0.05)
        #expect(index.statistics(sample: 5000, seed: 1).count == 3000)
    }

    @Test("Points have the colour of their commonest genre, of their tempo and of their key")
    func colours() {
        var table = FactsTable()
        func put(_ id: Int64, _ genres: [Int64], tempo: Double? = nil, key: String? = nil) {
            var facts = TrackFacts(folder: FilePath("/music"))
            (facts.genreIDs, facts.tempoBpm, facts.key) = (genres, tempo, key.flatMap(CamelotKey.init))
            table.put(id, facts)
        }
        put(1, [7, 8], tempo: 119.6, key: "C major")
        put(2, [8], tempo: 1e9)
        put(3, [8, 9])
        put(4, [9])
        put(5, [])
        put(6, [10])
        let colours = table.colours(of: [1, 2, 3, 4, 5, 6, 99], legend: 2)
        #expect(colours.genres == [MapColours.Genre(id: 8, tracks: 3), MapColours.Genre(id: 9, tracks: 2)])
        #expect(colours.genre == [1, 1, 1, 2, 0, 3, 0])
        let all = table.colours(of: [1, 2, 3, 4, 5, 6, 99], legend: 9)
        #expect(all.genres.map(\.id) == [8, 9, 10], "no point has the colour of 7")
        #expect(all.genre == [1, 1, 1, 2, 0, 3, 0])
        #expect(colours.tempo == [120, 65535, 0, 0, 0, 0, 0])
        #expect(colours.key == [16, 0, 0, 0, 0, 0, 0])
    }
}
