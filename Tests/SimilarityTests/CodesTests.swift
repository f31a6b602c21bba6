import CSimilarity
import Domain
import Testing

@testable import Similarity

/// The C loops by themselves: what a wrong sum would do to answers is only that they come late.
@Suite struct CodesTests {
    @Test(
        "Sums of products are right for every length of row and number of rows",
        arguments: [32, 64, 96, 128, 160, 512])
    func sums(stride: Int) {
        var random = SplitMix64(seed: UInt64(stride))
        let query = (0..<stride).map { _ in Int8.random(in: -127...127, using: &random) }
        for rows in 1...9 {
            var codes = (0..<rows * stride).map { _ in Int8.random(in: -127...127, using: &random) }
            // The largest sum there is.
            for place in 0..<stride { codes[place] = query[place] < 0 ? -127 : 127 }
            let (found, bounds) = scan(codes, [Float](repeating: 1, count: rows), query, least: -.infinity)
            #expect(found == (0..<rows).map(Int32.init))
            let expected = (0..<rows).map { row in
                (0..<stride).reduce(0) { $0 + Int(codes[row * stride + $1]) * Int(query[$1]) }
            }
            #expect(bounds == expected.map(Float.init))
        }
    }

    @Test("A scan finds what reaches the threshold, and nothing free")
    func threshold() {
        let codes = [Int8](repeating: 1, count: 7 * 32)
        let query = [Int8](repeating: 1, count: 32)
        let found = scan(codes, [1, 2, .nan, 3, 0, .nan, 2], query, least: 64).found
        #expect(found == [1, 3, 6])
        #expect(scan(codes, [1, 2, .nan, 3, 0, .nan, 2], query, least: -.infinity).found == [0, 1, 3, 4, 6])
    }

    @Test(
        "What is decoded lies within a step of the lower bits and is as long, and scores agree with it",
        arguments: [32, 128, 1024], [5, 8] as [Int32])
    func roundTrip(stride: Int, bits: Int32) {
        var random = SplitMix64(seed: 7)
        for scale in [1e-20, 1e-3, 1, 1e6] as [Float] {
            let vector = (0..<stride).map { _ in Float.random(in: -scale...scale, using: &random) }
            let query = (0..<stride).map { _ in Float.random(in: -1...1, using: &random) }
            var codes = [Int8](repeating: 0, count: stride)
            var fine = [UInt8](repeating: 0, count: stride / 8 * Int(bits))
            let row = sillon_encode(vector, stride, bits, &codes, &fine)
            var decoded = [Float](repeating: .nan, count: stride)
            sillon_decode(codes, fine, bits, row.step, stride, &decoded)
            #expect(zip(vector, decoded).allSatisfy { abs($0 - $1) <= row.step / Float(1 << bits) })
            let exact = zip(query, decoded).reduce(0) { $0 + Double($1.0) * Double($1.1) }
            let score = sillon_score(codes, fine, bits, row.step, query, stride)
            #expect(abs(Double(score) - exact) <= 1e-5 * Double(scale) * Double(stride))
            let lengths = [vector, decoded].map { $0.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot() }
            #expect(abs(lengths[0] - lengths[1]) <= 1e-6 * lengths[0])
            let upper = codes.map { Double($0) * Double(row.step) }
            let residual = zip(decoded, upper).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
            #expect(abs(residual.squareRoot() - Double(row.residual * row.step)) <= 1e-3 * residual.squareRoot())
            let length = upper.reduce(0) { $0 + $1 * $1 }.squareRoot()
            #expect(abs(length - Double(row.length)) <= 1e-3 * length)
        }
    }

    private func scan(
        _ codes: [Int8], _ steps: [Float], _ query: [Int8], least: Float
    ) -> (found: [Int32], bounds: [Float]) {
        var found = [Int32](repeating: -1, count: steps.count)
        var bounds = [Float](repeating: .nan, count: steps.count)
        let count = query.withUnsafeBufferPointer { pointer in
            var question = sillon_query(codes: pointer.baseAddress, stride: query.count, scale: 1, margin: 0)
            return sillon_scan(codes, steps, steps.count, &question, least, &found, &bounds)
        }
        return (Array(found.prefix(count)), Array(bounds.prefix(count)))
    }
}
