import Domain
import Foundation
import TestSupport

@testable import Audio

/// A folder of its own for each test, the ffmpeg command to fill it, and the analyser to read from it.
final class AudioWorkshop {
    struct ToolMissing: Error, CustomStringConvertible {
        let description: String
    }

    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "sillon-audio-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)  // Left-overs in the temporary folder harm nobody.
    }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    @discardableResult
    func write(_ data: Data, _ name: String) throws -> String {
        try data.write(to: folder.appending(path: name))
        return path(name)
    }

    func read(_ name: String) throws -> Data { try Data(contentsOf: folder.appending(path: name)) }

    /// Runs ffmpeg in the folder; the output is what it wrote.
    @discardableResult
    func ffmpeg(_ arguments: [String]) throws -> String {
        try Tool.run("env", ["-C", folder.path, "ffmpeg", "-nostdin", "-y", "-hide_banner"] + arguments)
    }

    /// Encodes the signal; the codec follows from the options.
    @discardableResult
    func encode(_ signal: Signal, _ name: String, _ options: [String] = []) throws -> String {
        let source = try write(signal.wav, "source-\(name).wav")
        try ffmpeg(["-i", source] + options + [name])
        return path(name)
    }

    func analyze(_ path: String) throws -> AudioAnalysis {
        let analysis = try withFile(path) { try AudioAnalyzer().analyze(fd: $0) }
        // As a media host does: this throws when a number is none.
        _ = try HostAnswerFrame.encode(analysis)
        return analysis
    }

    func sketch(_ path: String) throws -> AudioSketch {
        let sketch = try withFile(path) { try AudioAnalyzer().sketch(fd: $0) }
        _ = try HostAnswerFrame.encode(sketch)
        return sketch
    }

    func contentKey(_ path: String) throws -> String {
        try withFile(path) { try AudioAnalyzer().contentKey(fd: $0) }
    }

    private func withFile<Result>(_ path: String, _ body: (Int32) throws -> Result) throws -> Result {
        let fd = open(path, O_RDONLY | O_CLOEXEC)
        guard fd >= 0 else { throw ToolMissing(description: "cannot open \(path)") }
        defer { close(fd) }
        return try body(fd)
    }
}
