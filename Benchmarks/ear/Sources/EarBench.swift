import Audio
import Domain
import Foundation
import Similarity

/// Drives the analyser on files, in this process, for measurements and for learning the embedding's constants.
@main
struct EarBench {
    static let usage = """
        ear-bench analyze [--windows] FILE...
                                         one JSON analysis a line: path, analysis and vector, or path and error
        ear-bench series FILE...         onsets and chroma, one JSON object a line: what tempo.py and key.py read
        ear-bench time ROUNDS FILE...    user CPU of decoding alone, and more and more of the analysis, in turn; a JSON
                                         line for each file and kind, with the least of the rounds
        """

    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        switch arguments.first {
        case "analyze": analyze(Array(arguments.dropFirst()))
        case "series": series(Array(arguments.dropFirst()))
        case "time":
            guard let rounds = arguments.dropFirst().first.flatMap({ Int($0) }), rounds > 0 else { return refuse() }
            time(rounds, Array(arguments.dropFirst(2)))
        default: refuse()
        }
    }

    private static func refuse() {
        FileHandle.standardError.write(Data((usage + "\n").utf8))
        exit(64)
    }

    private static func analyze(_ paths: [String]) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let inWindows = paths.first == "--windows"
        let analyzer = AudioAnalyzer(inWindows ? .windows : .full)
        for path in paths.dropFirst(inWindows ? 1 : 0) {
            var line = Line(path: path)
            do throws(Failure) {
                let analysis = try withFile(path) { fd throws(Failure) in try analyzer.analyze(fd: fd) }
                (line.analysis, line.vector) = (analysis, analysis.features.flatMap(AcousticV1.embed)?.vector)
            } catch {
                line.error = error.description
            }
            guard let data = try? encoder.encode(line) else { continue }  // An analysis holds finite numbers only.
            print(String(decoding: data, as: UTF8.self))
        }
    }

    private static func series(_ paths: [String]) {
        let encoder = JSONEncoder()
        for path in paths {
            do throws(Failure) {
                let series = try withFile(path) { fd throws(Failure) in try AudioAnalyzer().decisionSeries(fd: fd) }
                let line = SeriesLine(
                    path: path, onsets: series.onsets, chroma: series.chroma, bass: series.bass)
                guard let data = try? encoder.encode(line) else { continue }  // The series hold finite numbers only.
                print(String(decoding: data, as: UTF8.self))
            } catch {
                FileHandle.standardError.write(Data("\(path): \(error)\n".utf8))
            }
        }
    }

    private struct SeriesLine: Encodable {
        var path: String
        var onsets: [[Float]]
        var chroma: [Float]
        var bass: [Float]
    }

    private struct Line: Encodable {
        var path: String
        var analysis: AudioAnalysis?
        /// acoustic-v1.
        var vector: [Float]?
        var error: String?
    }

    /// What is measured, cheapest first.
    private enum Kind: String, CaseIterable {
        case decode, mono, windows
        case withoutTruePeak = "without true peak"
        case everything

        func run(_ fd: Int32) throws(Failure) {
            switch self {
            case .decode: _ = try AudioAnalyzer().decodeOnly(fd: fd)
            case .mono: _ = try AudioAnalyzer().decodeOnly(fd: fd, mixing: true)
            case .windows: _ = try AudioAnalyzer(.windows).analyze(fd: fd)
            case .withoutTruePeak: try AudioAnalyzer().analyzeWithoutTruePeak(fd: fd)
            case .everything: _ = try AudioAnalyzer().analyze(fd: fd)
            }
        }
    }

    /// The kinds take turns on each file, so a slow moment hits all; the least of the rounds is what it costs undisturbed.
    private static func time(_ rounds: Int, _ paths: [String]) {
        for path in paths {
            do throws(Failure) {
                // The first pass also fills the caches of the disk and of libav.
                let seconds = try withFile(path) { fd throws(Failure) in try AudioAnalyzer().decodeOnly(fd: fd) }
                var least: [Kind: Double] = [:]
                for _ in 0..<rounds {
                    for kind in Kind.allCases {
                        let start = userSeconds()
                        try withFile(path) { fd throws(Failure) in try kind.run(fd) }
                        least[kind] = min(least[kind] ?? .infinity, userSeconds() - start)
                    }
                }
                for kind in Kind.allCases {
                    let line = TimeLine(path: path, seconds: seconds, kind: kind.rawValue, cpu: least[kind] ?? 0)
                    guard let data = try? JSONEncoder().encode(line) else { continue }  // It holds finite numbers only.
                    print(String(decoding: data, as: UTF8.self))
                }
            } catch {
                FileHandle.standardError.write(Data("\(path): \(error)\n".utf8))
            }
        }
    }

    private struct TimeLine: Encodable {
        var path: String
        /// Of audio.
        var seconds: Double
        var kind: String
        /// User seconds.
        var cpu: Double
    }

    private static func withFile<Result>(
        _ path: String, _ body: (Int32) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let fd = open(path, O_RDONLY | O_CLOEXEC)
        guard fd >= 0 else { throw Failure(.unreadable, "cannot open \"\(path)\"") }
        defer { close(fd) }
        return try body(fd)
    }

    private static func userSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_utime.tv_sec) + Double(usage.ru_utime.tv_usec) / 1e6
    }
}
