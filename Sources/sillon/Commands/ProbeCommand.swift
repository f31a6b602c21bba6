import ArgumentParser
import Audio
import Contracts
import Domain
import Foundation
import UseCases

struct ProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Read one file as a worker would, through a media host, and print what comes out.",
        discussion: """
            No server and no database are needed; nothing is stored.

            Examples:
              sillon probe tags song.flac
              sillon probe audio song.flac
              sillon probe vector song.flac --json
            """,
        subcommands: [ProbeTags.self, ProbeAudio.self, ProbeVector.self])

    /// Hands the file to a media host of its own and ends that afterwards.
    static func withHost<Result: Sendable>(
        _ file: String, _ settings: MediaHostSettings = MediaHostSettings(),
        _ body: (MediaHostPool, MediaFile) async throws -> Result
    ) async throws -> Result {
        let path = try PathArgument.canonical(file)
        let pool = MediaHostPool(settings)
        do {
            let result = try await body(pool, MediaFile(path: path, root: path.parent))
            await pool.shutdown()
            return result
        } catch {
            await pool.shutdown()
            throw error
        }
    }
}

struct ProbeTags: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tags", abstract: "Print the tags of a file.",
        discussion: """
            Examples:
              sillon probe tags song.flac
              sillon probe tags song.flac --json
            """)

    @Argument(help: "The file.")
    var file: String

    @Flag(help: "Print JSON, for scripts.")
    var json = false

    func run() async throws {
        let reading = try await ProbeCommand.withHost(file) { try await $0.readTags(of: $1) }
        try ProbeText.show(ProbeText.Tags(reading), json: json)
    }
}

struct ProbeAudio: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audio", abstract: "Listen to a file: loudness, beats, key, timbre, and what it went through.",
        discussion: """
            Examples:
              sillon probe audio song.flac
              sillon probe audio song.flac --json
              sillon probe audio song.flac --plot song.svg
              sillon probe audio song.flac --fingerprint
            """)

    @Argument(help: "The file.")
    var file: String

    @Option(
        help: ArgumentHelp("Listen to everything (full), or to a third of a long piece (windows).", valueName: "mode"))
    var analysis = AnalysisMode.full

    @Flag(help: "Print JSON, for scripts; with the beats and the features.")
    var json = false

    @Option(help: ArgumentHelp("Draw waveform, onsets, beats, chroma and loudness.", valueName: "file.svg"))
    var plot: String?

    @Flag(help: "With the fingerprint that AcoustID takes (Chromaprint, the first two minutes).")
    var fingerprint = false

    func validate() throws {
        // A slip of the keyboard must not cost a piece of music.
        guard plot?.hasSuffix(".svg") ?? true else {
            throw ValidationError("--plot draws a file whose name ends in .svg")
        }
        guard plot == nil || analysis == .full else {
            throw ValidationError("--plot draws what is heard of the whole piece, so it takes --analysis full")
        }
    }

    func run() async throws {
        var settings = MediaHostSettings()
        settings.wantsFingerprint = fingerprint
        settings.analysis = analysis
        let sketch = try await ProbeCommand.withHost(file, settings) { [analysis] host, file in
            switch analysis {
            case .full: try await host.sketch(file)
            case .windows: AudioSketch(analysis: try await host.analyze(file))
            }
        }
        if let plot { try draw(sketch, into: plot) }
        if json { return try ProbeText.show(AudioProbe(sketch), json: true) }
        try Console.line(AudioReport(sketch.analysis).lines.joined(separator: "\n"))
    }

    private func draw(_ sketch: AudioSketch, into plot: String) throws(CommandError) {
        let name = URL(filePath: file).lastPathComponent
        do {
            try Data(AudioPlot(sketch, name: name).svg.utf8).write(to: URL(filePath: plot), options: .atomic)
        } catch {
            throw .failed("\(plot) cannot be written: \(error.localizedDescription)")
        }
    }
}

struct ProbeVector: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vector", abstract: "Listen to a file and print its vector.",
        discussion: """
            Examples:
              sillon probe vector song.flac
              sillon probe vector song.flac --json
            """)

    @Argument(help: "The file.")
    var file: String

    @Flag(help: "Print JSON, for scripts.")
    var json = false

    func run() async throws {
        let analysis = try await ProbeCommand.withHost(file) { try await $0.analyze($1) }
        guard let features = analysis.features else {
            throw CommandError.failed("\(file) has no vector: its audio is \(analysis.status.rawValue)")
        }
        let model = AcousticModel()
        let embedding = Embedding(model: model.name, vector: try model.embed(features: features))
        try ProbeText.show(embedding, json: json)
    }
}
