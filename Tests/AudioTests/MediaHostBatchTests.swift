import Domain
import Synchronization
import TestSupport
import Testing
import UseCases

@testable import Audio

/// Many files in one call.
@Suite struct MediaHostBatchTests {
    private final class Answers: Sendable {
        let all = Mutex<[Int: [Result<TagReading, any Error>]]>([:])
        func put(_ place: Int, _ result: Result<TagReading, any Error>) {
            all.withLock { $0[place, default: []].append(result) }
        }
    }

    @Test("Every file of a batch is answered once, whatever its neighbours do to their child")
    func mixedBatch() async throws {
        let lab = try MediaLab()
        let good = try lab.tone("tone.mp3")
        let deadly = try lab.write("chapters.mp3", HostileFiles.nestedChapters(depth: 50_000) + lab.read("tone.mp3"))
        let gone = lab.file("gone.mp3")
        let long = MediaFile(
            path: FilePath(bytes: Array(repeating: UInt8(ascii: "a"), count: HostRequest.bytesMax)), root: lab.root)
        let files = [good, deadly, good, gone, long] + Array(repeating: good, count: 200)
        let answers = Answers()
        try await withPool { pool in
            await pool.readTags(of: files) { answers.put($0, $1) }
        }
        let all = answers.all.withLock { $0 }
        #expect(all.count == files.count && all.values.allSatisfy { $0.count == 1 })
        let reasons = all.compactMapValues { results -> Failure.Reason? in
            guard case .failure(let error) = results.first else { return nil }
            return (error as? Failure)?.reason ?? .internalError
        }
        #expect(reasons[1] == .parserCrash && reasons[3] != nil && reasons[4] == .unreadable)
        #expect(reasons.count == 3)
    }

    @Test("A batch that is cancelled answers the files that are not begun, and returns")
    func cancelledBatch() async throws {
        let lab = try MediaLab()
        let good = try lab.tone("tone.mp3")
        let files = Array(repeating: good, count: 500)
        let answers = Answers()
        try await withPool { pool in
            let batch = Task { await pool.readTags(of: files) { answers.put($0, $1) } }
            batch.cancel()
            await batch.value
        }
        let all = answers.all.withLock { $0 }
        #expect(all.count == files.count && all.values.allSatisfy { $0.count == 1 })
        #expect(
            all.values.contains { results in
                if case .failure(let error) = results.first { error is CancellationError } else { false }
            })
    }
}
