import ArgumentParser
import Demo
import Foundation

/// `sillon demo DIR`: makes a small library of synthesised music to try everything on.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Make a small demo library: 24 pieces in MP3, FLAC, Ogg Vorbis, Opus, M4A, WAV and AIFF.",
        discussion: """
            The music is synthesised, so tempo and key of every piece are known; \
            demo-library.json lists them. Nothing is done when the folder already holds the \
            library. The ffmpeg command is needed.

            Example: sillon demo ~/sillon-demo && sillon up --music ~/sillon-demo
            """)

    @Argument(help: "The folder to write to; it is made when absent.", completion: .directory)
    var folder: String

    @Option(help: "Another seed plays other melodies.")
    var seed: UInt64 = 1

    func run() async throws {
        let target = URL(fileURLWithPath: folder).standardizedFileURL
        let isTerminal = isatty(STDERR_FILENO) == 1
        let library = try DemoLibrary(
            seed: seed, searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            slots: ProcessInfo.processInfo.activeProcessorCount)
        let manifest = try await library.write(to: target) { done, total in
            guard isTerminal else { return }
            FileHandle.standardError.write(
                Data("\rmaking music: \(done)/\(total)\(done == total ? "\n" : "")".utf8))
        }
        print("\(manifest.entries.count) tracks in \(target.path)")
    }
}
