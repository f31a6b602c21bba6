import Domain
import Foundation
import TestSupport
import UseCases

@testable import Audio

/// A folder of files made for one test, and a pool of media hosts that reads them. Removed with the last reference.
final class MediaLab: Sendable {
    let root: FilePath
    private let url: URL

    init() throws {
        url = URL(filePath: NSTemporaryDirectory()).appending(path: "sillon-media-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        root = FilePath(url.path)
    }

    deinit {
        do {
            try FileManager.default.removeItem(at: url)
        } catch {
            print("the test folder stays behind: \(error)")
        }
    }

    static func settings() -> MediaHostSettings {
        var settings = MediaHostSettings()
        settings.executable = SillonExecutable.path
        // On a busy machine a test may be kept waiting for longer than an idle child is kept.
        settings.idleSeconds = 3600
        return settings
    }

    /// Where none is needed.
    static let anyFile = MediaFile(path: FilePath("/music/a.flac"), root: FilePath("/music"))

    func file(_ name: String) -> MediaFile {
        MediaFile(path: root.appending(Array(name.utf8)), root: root)
    }

    func url(_ name: String) -> URL { url.appending(path: name) }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8]) throws -> MediaFile {
        try Data(bytes).write(to: url(name))
        return file(name)
    }

    /// A file of this size that takes no room on the disk: what follows the head is zeros.
    func sparse(_ name: String, head: [UInt8] = [], bytes: UInt64) throws -> MediaFile {
        let file = try write(name, head)
        let handle = try FileHandle(forWritingTo: url(name))
        try handle.truncate(atOffset: bytes)
        try handle.close()
        return file
    }

    func read(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: url(name)))
    }

    /// A second of a tone, encoded by ffmpeg after the file's extension.
    @discardableResult
    func tone(_ name: String, _ arguments: [String] = [], seconds: Double = 1) throws -> MediaFile {
        try Tool.run(
            "ffmpeg",
            ["-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", "sine=frequency=440:duration=\(seconds)"]
                + arguments + [url(name).path])
        return file(name)
    }

    /// Runs Python with mutagen, the independent tag writer. `FILE` is the path of `name`; `use('id3')` makes the names
    /// of a mutagen module known.
    func mutagen(_ name: String, _ script: String) throws {
        let prelude = """
            import importlib, sys
            FILE = sys.argv[1]
            def use(module):
                names = vars(importlib.import_module("mutagen." + module))
                globals().update({k: v for k, v in names.items() if k[0] != "_"})

            """
        try Tool.run("/usr/bin/python3", ["-c", prelude + script, url(name).path])
    }
}

/// Reads with a pool of its own, and ends it.
func withPool<Value>(
    _ settings: MediaHostSettings = MediaLab.settings(), _ body: (MediaHostPool) async throws -> Value
) async throws -> Value {
    let pool = MediaHostPool(settings)
    do {
        let value = try await body(pool)
        await pool.shutdown()
        return value
    } catch {
        await pool.shutdown()
        throw error
    }
}

/// The failure that reading ends in. Nil when it ends well.
func failureOf(_ body: () async throws -> some Any) async -> Failure? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? Failure
    }
}
