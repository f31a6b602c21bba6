import Demo
import Faults
import TestSupport
import Testing

/// A short run of the fault program on each engine. Longer ones, and the one without the fence, are made by hand:
/// `ops/chaos`.
@Suite(.serialized, .timeLimit(.minutes(12)))
struct ChaosTests {
    private static let seed: UInt64 = 20_261

    @Test(
        "What is acknowledged is done once, whoever is killed and however the database breaks",
        arguments: [
            (EngineName.sqlite, 6.0, [Fault.kill]),
            (EngineName.postgres, 16.0, [Fault.kill, .restartDB, .cutBackends, .cutCommit]),
        ])
    func shortRun(_ engine: EngineName, _ seconds: Double, _ faults: [Fault]) async throws {
        let report = try await run(engine, faults, seconds)
        #expect(report.violations.isEmpty, "\(report.text)")
        #expect(report.acknowledged > 20)
        #expect(report.phases.map(\.fault).count == faults.count)
    }

    private func run(
        _ engine: EngineName, _ faults: [Fault], _ seconds: Double
    ) async throws -> ChaosReport {
        let lab = try Lab()
        let tree = Tree(lab.music)
        for (index, song) in try await SongShelf.songs().enumerated() {
            for copy in 0..<3 {
                try tree.write(
                    "\(copy)/\(index).\(song.format.fileExtension)",
                    song.tagged {
                        $0.title = "\(song.name) \(copy)"
                        $0.album = "Album \(copy)"
                    })
            }
        }
        var plan = ChaosPlan(engine: engine, seed: Self.seed, seconds: seconds, faults: faults, music: lab.music)
        plan.workers = 2
        // Their short leases end while somebody waits for it.
        plan.workerProgram = .quick
        let report = try await ChaosRun(plan) { print($0) }.run()
        print(report.text)
        return report
    }
}
