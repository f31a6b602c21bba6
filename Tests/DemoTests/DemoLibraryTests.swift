import Foundation
import Testing

@testable import Demo

/// The library is written once for the suite's tests: it is the same from the same seed.
@Suite struct DemoLibraryTests {
    private func temporaryFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sillon-demo-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    private var searchPath: String { ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin" }

    @Test("The demo library has every format, covers inside and beside files, and is not written twice")
    func writesEverything() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }  // a temporary folder
        let manifest = try await DemoLibrary(searchPath: searchPath, slots: 2).write(to: folder)
        #expect(manifest.entries.count == 24)
        let extensions = Set(manifest.entries.map { URL(fileURLWithPath: $0.path).pathExtension })
        #expect(extensions == ["mp3", "flac", "ogg", "opus", "m4a", "wav", "aiff"])
        for entry in manifest.entries {
            let file = folder.appendingPathComponent(entry.path)
            #expect(try Data(contentsOf: file).count > 50_000, "\(entry.path) is too small to be music")
        }
        let covers = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter {
            $0.hasSuffix("cover.jpg")
        }
        #expect(covers.count == 2)

        // A second run must leave the files alone.
        let first = folder.appendingPathComponent(manifest.entries[0].path)
        try Data("kept".utf8).write(to: first)
        let again = try await DemoLibrary(searchPath: searchPath, slots: 2).write(to: folder)
        #expect(again == manifest)
        #expect(try Data(contentsOf: first) == Data("kept".utf8))
    }

    @Test("Without ffmpeg on the path there is one clear error")
    func missingEncoder() throws {
        #expect(throws: DemoError.ffmpegMissing) { try DemoLibrary(searchPath: "/nonexistent", slots: 1) }
        #expect("\(DemoError.ffmpegMissing)".contains("ffmpeg"))
    }

    @Test("A corpus has the wanted number of files, all different, ten to a folder")
    func corpus() async throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }  // a temporary folder
        try await Corpus(files: 83, searchPath: searchPath, slots: 2).write(to: folder)
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            .filter { !URL(fileURLWithPath: $0).pathExtension.isEmpty }
        #expect(files.count == 83)
        let contents = try Set(files.map { try Data(contentsOf: folder.appendingPathComponent($0)) })
        #expect(contents.count == 83)
        let folders = Dictionary(grouping: files) { ($0 as NSString).deletingLastPathComponent }
        #expect(folders.count == 9)
        #expect(folders.values.allSatisfy { $0.count <= 10 })
    }
}
