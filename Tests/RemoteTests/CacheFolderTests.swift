import Domain
import Files
import Foundation
import Testing

@Suite struct CacheFolderTests {
    private let base = NSTemporaryDirectory() + "sillon-cache-\(UUID().uuidString.prefix(8))"

    private func names() throws -> [String] { try FileManager.default.subpathsOfDirectory(atPath: base).sorted() }

    @Test("What dead processes left behind is removed, what belongs to the living stays")
    func leftovers() async throws {
        defer { try? FileManager.default.removeItem(atPath: base) }  // a leftover of a test
        for folder in ["dead.files", "torn.files"] {
            try FileManager.default.createDirectory(atPath: "\(base)/\(folder)", withIntermediateDirectories: true)
            try Data([1]).write(to: URL(filePath: "\(base)/\(folder)/1.mp3"))
        }
        try Data().write(to: URL(filePath: "\(base)/dead.lock"))
        try Data([1]).write(to: URL(filePath: "\(base)/mine.txt"))
        var first: CacheFolder? = try CacheFolder(in: base)
        let file = try first?.create("1.mp3")
        try await file?.write([1, 2, 3], at: 0)
        let second = try CacheFolder(in: base)
        #expect(try names().filter { $0.hasSuffix(".mp3") }.count == 1)
        #expect(try !names().contains { $0.hasPrefix("dead") || $0.hasPrefix("torn") })
        #expect(throws: Failure.self) { try first?.create("1.mp3") }
        first = nil
        #expect(try names().filter { $0.hasSuffix(".files") }.count == 1)
        #expect(try names().contains("mine.txt"))
        withExtendedLifetime((second, file)) {}
    }
}
