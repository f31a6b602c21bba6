import Testing

@testable import Similarity

@Suite struct SeedVectorTests {
    @Test("A centre lies at unit length between its vectors, and what cancels out has none")
    func centroid() throws {
        let centre = try #require(SeedVector.centroid([[1, 0], [0, 1]]))
        #expect(centre.allSatisfy { abs($0 - Float(0.5).squareRoot()) < 1e-6 })
        #expect(SeedVector.centroid([[1, 0], [-1, 0]]) == nil)
        #expect(SeedVector.centroid([]) == nil)
        #expect(SeedVector.centroid([[0, 0]]) == nil)
        #expect(SeedVector.centroid([[.nan, 0]]) == nil)
    }

    @Test("What is subtracted turns the question away from it, by its weight")
    func minus() throws {
        let half = try #require(SeedVector.combine(plus: [[1, 0]], minus: [[0, 1]], minusWeight: 0.5))
        #expect(half[0] > 0 && half[1] < 0 && abs(half[1] / half[0] + 0.5) < 1e-6)
        #expect(SeedVector.combine(plus: [[1, 0]], minus: [[0, 1]], minusWeight: 0) == [1, 0])
        #expect(SeedVector.combine(plus: [[1, 0]], minus: [[1, 0]], minusWeight: 1) == nil)
        let several = try #require(
            SeedVector.combine(plus: [[1, 0], [0, 1]], minus: [[0, 1], [0, 1]], minusWeight: 0.5))
        #expect(abs(several[1]) < 1e-6, "the mean is subtracted, however many there are")
    }

    @Test("An arc goes from end to end in equal angles")
    func arc() {
        let arc = Arc(from: [1, 0], to: [0, 1])
        #expect(arc.point(at: 0) == [1, 0])
        let third = arc.point(at: 1 / 3)
        #expect(abs(third[0] - Float(3).squareRoot() / 2) < 1e-5 && abs(third[1] - 0.5) < 1e-5)
        let opposite = Arc(from: [1, 0], to: [-1, 0])
        #expect(opposite.point(at: 0.2) == [1, 0] && opposite.point(at: 0.8) == [-1, 0])
        #expect(Arc(from: [1, 0], to: [1, 0]).point(at: 0.7) == [1, 0])
    }
}
