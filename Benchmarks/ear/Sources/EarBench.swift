import Audio
import Domain
import Foundation
import Similarity

/// Drives the analyser on files, in this process, for measurements and for learning the embedding's constants.
@main
struct EarBench {
    static let usage = """
        ear-bench analyze FILE...        one JSON analysis a line, {"path": …, "analysis": …} or {"path": …, "error": …}
        ear-bench series FILE...         onsets and chroma, one JSON object a line: what tempo.py and key.py read
        ear-bench time ROUNDS FILE...    user CPU of decoding alone and of the whole analysis, alternating
        ear-bench similar VECTORS        time of a nearest-neighbour query
        """

    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        switch arguments.first {
        case "analyze": analyze(Array(arguments.dropFirst()))
        case "series": series(Array(arguments.dropFirst()))
        case "time":
            guard let rounds = arguments.dropFirst().first.flatMap({ Int($0) }), rounds > 0 else { return refuse() }
            time(rounds, Array(arguments.dropFirst(2)))
        case "similar": similar(arguments.dropFirst().first.flatMap { Int($0) } ?? 100_000)
        default: refuse()
        }
    }

    private static func refuse() {
        FileHandle.standardError.write(Data((usage + "\n").utf8))
        exit(64)
    }

    private static func similar(_ vectors: Int) {
        let start = ContinuousClock.now
        do throws(VectorIndexError) {
            let result = try SimilarityBenchmark.run(vectors: vectors, queries: 200, seed: 1) {
                ContinuousClock.now - start
            }
            print(result)
        } catch {
            print(error)
        }
    }

    private static func analyze(_ paths: [String]) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        for path in paths {
            var line = Line(path: path)
            do throws(Failure) {
                line.analysis = try withFile(path) { fd throws(Failure) in try AudioAnalyzer().analyze(fd: fd) }
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
        var error: String?
    }

    /// Medians over the rounds, in user seconds; the two kinds alternate so that a slow minute hits both.
    private static func time(_ rounds: Int, _ paths: [String]) {
        var (decoding, whole): ([Double], [Double]) = ([], [])
        var audioSeconds = 0.0
        for _ in 0..<rounds {
            audioSeconds = 0
            decoding.append(
                cpu {
                    for path in paths { audioSeconds += decode(path) }
                })
            whole.append(
                cpu {
                    for path in paths { measure(path) }
                })
        }
        let (base, full) = (median(decoding), median(whole))
        let perMinute = { (seconds: Double) in String(format: "%.4f", seconds / audioSeconds * 60) }
        print("audio \(Int(audioSeconds)) s, \(paths.count) files, \(rounds) rounds; user seconds for each minute")
        print("decode \(perMinute(base)), analysis \(perMinute(full)), ratio \(String(format: "%.2f", full / base))")
        let ratios = zip(whole, decoding).map { String(format: "%.2f", $0 / $1) }.joined(separator: " ")
        print("ratios of the rounds: \(ratios)")
    }

    private static func decode(_ path: String) -> Double {
        do throws(Failure) {
            return try withFile(path) { fd throws(Failure) in try AudioAnalyzer().decodeOnly(fd: fd) }
        } catch {
            print("\(path): \(error)")
            return 0
        }
    }

    private static func measure(_ path: String) {
        do throws(Failure) {
            _ = try withFile(path) { fd throws(Failure) in try AudioAnalyzer().analyze(fd: fd) }
        } catch {
            print("\(path): \(error)")
        }
    }

    private static func withFile<Result>(
        _ path: String, _ body: (Int32) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let fd = open(path, O_RDONLY | O_CLOEXEC)
        guard fd >= 0 else { throw Failure(.unreadable, "cannot open \"\(path)\"") }
        defer { close(fd) }
        return try body(fd)
    }

    private static func cpu(_ body: () -> Void) -> Double {
        let start = userSeconds()
        body()
        return userSeconds() - start
    }

    private static func userSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_utime.tv_sec) + Double(usage.ru_utime.tv_usec) / 1e6
    }

    private static func median(_ values: [Double]) -> Double {
        values.sorted()[values.count / 2]
    }
}
