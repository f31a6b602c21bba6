import ArgumentParser
import Demo
import Foundation

/// `sillon bench corpus DIR`: writes many small tagged files to measure scans on.
struct BenchCorpusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "corpus",
        abstract: "Write many small tagged files (MP3, FLAC, Ogg Vorbis, Opus, M4A) to measure scans on.",
        discussion: "Example: sillon bench corpus /tmp/corpus --files 20000")

    @Argument(help: "The folder to write to; it is made when absent.", completion: .directory)
    var folder: String

    @Option(help: "How many files; ten make an album.")
    var files = 20_000

    @Option(help: "Another seed gives other names.")
    var seed: UInt64 = 1

    func validate() throws {
        guard (1...Corpus.maxFiles).contains(files) else {
            throw ValidationError("--files is a number from 1 to \(Corpus.maxFiles)")
        }
    }

    func run() async throws {
        let corpus = try Corpus(
            files: files, seed: seed, searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            slots: ProcessInfo.processInfo.activeProcessorCount)
        try await corpus.write(to: URL(fileURLWithPath: folder).standardizedFileURL)
        print("\(files) files in \(folder)")
    }
}
