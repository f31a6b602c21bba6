import Testing

@testable import Domain

@Suite("An order by chance that a number decides")
struct ShuffleTests {
    private func pages(_ shuffle: Shuffle, _ rows: [Int64], of count: Int) -> [Int64] {
        var all: [Int64] = []
        while true {
            var piece = ShuffledPiece(shuffle, after: all.last, count: count)
            for row in rows { piece.take(row) }
            if piece.ids.isEmpty { return all }
            all += piece.ids
        }
    }

    @Test("Pages of one seed fit together, whatever their size and the order in which rows come")
    func pages() {
        let (shuffle, rows) = (Shuffle(seed: 7), Array(Int64(1)...200))
        let whole = pages(shuffle, rows, of: 200)
        #expect(whole != rows && whole.sorted() == rows)
        for count in [1, 3, 50, 199] { #expect(pages(shuffle, rows.reversed(), of: count) == whole, "\(count)") }
        #expect(pages(Shuffle(seed: 8), rows, of: 50) != whole)
    }

    @Test("A row that goes leaves the others in their places")
    func gone() {
        let (shuffle, rows) = (Shuffle(seed: 0), Array(Int64(1)...50))
        let whole = pages(shuffle, rows, of: 10)
        #expect(pages(shuffle, rows.filter { $0 != 17 }, of: 10) == whole.filter { $0 != 17 })
    }

    @Test("Every row comes first about as often as any other")
    func even() {
        var firsts: [Int64: Int] = [:]
        for seed in Int64(0)..<1000 {
            var piece = ShuffledPiece(Shuffle(seed: seed), after: nil, count: 1)
            for row in Int64(1)...10 { piece.take(row) }
            firsts[piece.ids[0], default: 0] += 1
        }
        // 100 each on average; the seeds are fixed, so the bounds hold or they do not.
        #expect(firsts.count == 10 && firsts.values.allSatisfy { (70...135).contains($0) }, "\(firsts)")
    }
}
