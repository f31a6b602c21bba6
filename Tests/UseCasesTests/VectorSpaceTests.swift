import Similarity
import Testing

@testable import UseCases

@Suite struct VectorSpaceTests {
    private func change(_ sequence: Int64, _ track: Int64, _ vector: [Float]?) -> VectorChange {
        VectorChange(sequence: sequence, trackID: track, vector: vector)
    }

    @Test("Vectors come, are replaced and go, and the sequence follows")
    func follows() {
        var space = VectorSpace(dimension: 2)
        #expect(space.apply([change(3, 1, [1, 0]), change(5, 2, [0, 1])]).isEmpty)
        #expect(space.sequence == 5 && space.index.count == 2)
        #expect(space.apply([change(6, 1, [0, 1]), change(9, 2, nil), change(10, 7, nil)]).isEmpty)
        #expect(space.sequence == 10 && space.index.count == 1)
        #expect(space.index.vector(1) == [0, 1])
        #expect(space.apply([]).isEmpty)
        #expect(space.sequence == 10)
    }

    @Test("NaN and infinity never enter, and take out what the track had", arguments: [Float.nan, .infinity, 1e30])
    func notFinite(value: Float) {
        var space = VectorSpace(dimension: 2)
        #expect(space.apply([change(1, 1, [1, 0]), change(2, 1, [value, 0]), change(3, 2, [0, value])]).isEmpty)
        #expect(space.index.count == 0)
        #expect(space.apply([]).isEmpty)
    }

    @Test("A vector of another length is left out, and told with both numbers once a length")
    func otherLength() {
        var space = VectorSpace(dimension: 2)
        let vectors = (1...3).map { change($0, $0, [1, 0]) }
        let events = space.apply(vectors + [change(4, 8, [1, 0, 0]), change(5, 9, [1, 0, 0]), change(6, 3, [1])])
        #expect(
            events == [
                .otherLength(trackID: 8, length: 3, dimension: 2), .otherLength(trackID: 3, length: 1, dimension: 2),
            ])
        #expect(space.index.count == 2)
        #expect(space.apply([]).isEmpty, "as many as the others are not more")
    }

    @Test("When most vectors have another length a new space begins, whatever came first")
    func newSpace() {
        var space = VectorSpace(dimension: 2)
        let changes = [
            change(1, 1, [1, 0]), change(2, 2, [1, 0]), change(3, 3, [1, 0, 0]), change(4, 4, [1, 0, 0]),
            change(5, 5, [1, 0, 0]), change(6, 6, [1]), change(7, 6, [0, 1, 0]),
        ]
        _ = space.apply(changes)
        #expect(space.apply([]) == [.newSpace(old: 2, new: 3)])
        #expect(space.sequence == 0 && space.index.count == 0)
        _ = space.apply(changes)
        #expect(space.index.dimension == 3 && space.index.count == 4)
        #expect(space.apply([]).isEmpty)
        // A track whose vector comes in the new length counts for the old one no more.
        _ = space.apply([change(8, 1, [0, 1, 0]), change(9, 2, nil)])
        #expect(space.apply([]).isEmpty)
        #expect(space.index.count == 5)
    }
}
