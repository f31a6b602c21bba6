import Testing

@testable import Persistence

/// What is decided without a server.
@Suite("Rules of pgvector") struct PgvectorRulesTests {
    @Test(
        "A version says what the extension can do",
        arguments: [("0.4.4", false, false), ("0.6.2", false, false), ("0.7.0", true, false), ("0.8.5", true, true)])
    func versions(text: String, hasHalfvec: Bool, iterates: Bool) throws {
        let version = try #require(PgvectorVersion(text))
        #expect(version.hasHalfvec == hasHalfvec && version.hasIterativeScans == iterates)
        #expect((version < .oldest) == (text == "0.4.4"))
    }

    @Test("What is no version is none", arguments: ["", "0", "x.y", "."])
    func noVersion(text: String) { #expect(PgvectorVersion(text) == nil) }

    @Test("The column follows from length and version, and says when it takes no index")
    func columns() throws {
        let (old, new) = (PgvectorVersion(major: 0, minor: 6), PgvectorVersion(major: 1, minor: 0))
        let expected: [(Int, PgvectorVersion, String, Bool)] = [
            (126, old, "vector(126)", true), (126, new, "halfvec(126)", true), (2000, old, "vector(2000)", true),
            (2001, old, "vector(2001)", false), (4000, new, "halfvec(4000)", true), (4001, new, "vector(4001)", false),
        ]
        for (dimension, version, type, isIndexed) in expected {
            let column = PgvectorColumn(dimension: dimension, version: version)
            #expect(column.type == type && column.mayBeIndexed == isIndexed)
        }
    }

    @Test("Zero, NaN and what is beyond all measure fit nowhere")
    func fits() {
        let column = PgvectorColumn(kind: .halfvec, dimension: 2)
        #expect(column.fit([0.6, -0.8]) == .fits)
        #expect(column.fit([1]) == .otherLength && column.fit([]) == .otherLength)
        for vector: [Float] in [[0, 0], [1e-9, 0], [.nan, 1], [.infinity, 0], [70_000, 0]] {
            #expect(column.fit(vector) == .unusable, "\(vector)")
        }
    }

    @Test("Vectors go as text and come as bytes")
    func forms() {
        #expect(PgvectorColumn.text([0.5, -1, 1e-10]) == "[0.5,-1.0,1e-10]")
        #expect(PgvectorColumn.vector([0, 2, 0, 0, 0x3f, 0x80, 0, 0, 0xbf, 0, 0, 0]) == [1, -0.5])
        for bytes: [UInt8] in [[], [0, 1, 0, 0], [0, 0, 0], [0, 1, 0, 0, 1, 2, 3]] {
            #expect(PgvectorColumn.vector(bytes) == nil)
        }
    }

    @Test("Only a scan that iterates says so, and no setting outlives its transaction")
    func settings() {
        let plain = PgvectorScan(breadth: 200, limit: 52).settings
        #expect(plain.sql.contains("'hnsw.ef_search', CAST(? AS text), true") && plain.binds == [.integer(200)])
        #expect(!plain.sql.contains("iterative"))
        let iterative = PgvectorScan(breadth: 200, limit: 5000, isIterative: true).settings
        #expect(iterative.sql.contains("set_config('hnsw.iterative_scan', 'strict_order', true)"))
    }

    @Test("Without an index the exact answer is asked for at once")
    func planWithoutIndex() {
        var plan = PgvectorPlan(limit: 20, isIndexed: false, iterates: true)
        #expect(plan.next() == nil)
    }

    @Test("When too few pass, one larger look is worth it only if it may be enough")
    func plans() {
        var few = PgvectorPlan(limit: 52, isIndexed: true, iterates: false)
        #expect(few.next() == PgvectorScan(breadth: 200, limit: 200))
        #expect(few.next(seen: 200, passed: 30) == PgvectorScan(breadth: 1000, limit: 520))
        #expect(few.next(seen: 520, passed: 51) == nil)
        var rare = PgvectorPlan(limit: 52, isIndexed: true, iterates: false)
        _ = rare.next()
        #expect(rare.next(seen: 200, passed: 2) == nil, "7800 are more than an old version shows")
        var newer = PgvectorPlan(limit: 52, isIndexed: true, iterates: true)
        _ = newer.next()
        #expect(newer.next(seen: 200, passed: 2) == PgvectorScan(breadth: 200, limit: 7800, isIterative: true))
        var small = PgvectorPlan(limit: 52, isIndexed: true, iterates: true)
        _ = small.next()
        #expect(small.next(seen: 30, passed: 30) == nil, "there are no more")
        var many = PgvectorPlan(limit: 5000, isIndexed: true, iterates: true)
        #expect(many.next() == PgvectorScan(breadth: 1000, limit: 5000, isIterative: true))
        var none = PgvectorPlan(limit: 20, isIndexed: true, iterates: true)
        _ = none.next()
        #expect(none.next(seen: 200, passed: 0) == nil)
    }
}
