import CoreMetrics
import Domain
import Synchronization
import Telemetry
import UseCases

/// Encodes files in media hosts, a child for each: what a file does to it ends one answer and nothing else.
package final class TranscodePool: AudioTranscoder {
    private let settings: MediaHostSettings
    private let metrics = MetricsSystem.factory
    private let state = Mutex(State())

    private struct State {
        var running: [ObjectIdentifier: TranscodeLine] = [:]
        /// Begins no other.
        var isClosed = false
    }

    /// The time in which a listener who takes what comes has most of a track.
    private static let retrySeconds: Double = 10
    /// In which a child that was told to end is gone.
    private static let makingRoomSeconds: Double = 1

    /// Starts nothing yet.
    package init(_ settings: MediaHostSettings) {
        self.settings = settings
    }

    /// Children that run now.
    package var count: Int { state.withLock { $0.running.count } }

    package func begin(_ job: TranscodeJob) async throws -> any TranscodedAudio {
        let line = TranscodeLine(job, settings: settings, metrics: metrics)
        let id = ObjectIdentifier(line)
        let isAdmitted = state.withLock { state in
            guard !state.isClosed, state.running.count < settings.transcodeSlots else { return false }
            state.running[id] = line
            return true
        }
        guard isAdmitted else {
            Metrics.playback.transcodes.count(job.profile.format, .refused)
            throw TranscodersBusy(retryAfterSeconds: makeRoom() ? Self.makingRoomSeconds : Self.retrySeconds)
        }
        line.start { [weak self] in _ = self?.state.withLock { $0.running.removeValue(forKey: id) } }
        let audio = TranscodeHandle(line)
        try await line.waitForBytes()
        return audio
    }

    /// Ends the child that was left alone for longest. A phone out of reach hangs up only after minutes, and a player that
    /// pauses asks again from where it was.
    private func makeRoom() -> Bool {
        let lines = state.withLock { Array($0.running.values) }
        guard let idlest = lines.max(by: { $0.idle < $1.idle }), idlest.idle > settings.transcodeIdleMax else {
            return false
        }
        idlest.stop()
        return true
    }

    /// Ends all children, and begins no other.
    package func shutdown() {
        let lines = state.withLock { state in
            state.isClosed = true
            return Array(state.running.values)
        }
        for line in lines { line.stop() }
    }
}

/// What a listener holds: when it is let go, the child ends.
private final class TranscodeHandle: TranscodedAudio {
    private let line: TranscodeLine

    init(_ line: TranscodeLine) {
        self.line = line
    }

    deinit { line.stop() }

    func next() async throws -> [UInt8] { try await line.next() }
    func stop() { line.stop() }
}
