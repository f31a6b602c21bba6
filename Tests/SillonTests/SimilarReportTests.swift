import Contracts
import Foundation
import Similarity
import Testing

@testable import sillon

@Suite struct SimilarReportTests {
    @Test("The report of a benchmark tells median, spread, recall and memory, and answers only when asked")
    func report() throws {
        var tick = 0
        let benchmark = SimilarityBenchmark(vectors: 40, dimension: 8, queries: 3, compared: 3, seed: 1) {
            tick += 1
            return .milliseconds(tick)
        }
        let result = try benchmark.run()
        let report = SimilarReport(
            result, memory: ResidentMemory(peak: 12_300_000, files: 2_000_000), withAnswers: false)
        #expect(report.searchMs.median == 1 && report.search95Ms == 1 && report.buildMs == 40)
        #expect(
            report.peakMemoryMb == 12.3 && report.programMemoryMb == 2 && report.recall == 1 && report.answers == nil)
        #expect(report.text.contains("40 vectors of 8 numbers, 3 searches"))
        #expect(report.text.contains("12.3 MB"))
        #expect(SimilarReport(result, memory: nil, withAnswers: true).answers?.count == 3)
    }

    @Test("This process knows what it had in memory")
    func memory() throws {
        let memory = try #require(ResidentMemory())
        #expect(memory.peak > memory.files && memory.files > 1 << 20)
        #expect(ResidentMemory(SystemFiles(root: "/nowhere")) == nil)
    }

    @Test("Vectors come from a file of floats, and a file of another size is refused")
    func floats() throws {
        let file = NSTemporaryDirectory() + "sillon-floats-\(UUID().uuidString)"
        defer { unlink(file) }
        let bytes = PackedFloats([1, 2, 3, 4, 5, 6]).littleEndianBytes
        try Data(bytes).write(to: URL(filePath: file))
        let floats = try FloatFile(path: file, dimension: 3)
        #expect(floats.count == 2)
        #expect(floats[0] == [1, 2, 3] && floats[1] == [4, 5, 6])
        #expect(floats[2].allSatisfy { $0.isNaN })
        #expect(throws: CommandError.self) { _ = try FloatFile(path: file, dimension: 4) }
        #expect(throws: CommandError.self) { _ = try FloatFile(path: file + "-", dimension: 3) }
    }
}
