import CoreMetrics
import Domain
import Logging
import Synchronization
import Telemetry
import UseCases

/// Encodes files in media hosts, a child for each: what a file does to it ends one answer and nothing else.
package final class TranscodePool: AudioTranscoder {
    private let settings: MediaHostSettings
    private let metrics = MetricsSystem.factory
    private let logger: Logger
    private let state = Mutex(State())

    private struct State {
        var running: [ObjectIdentifier: TranscodeLine] = [:]
        /// Gave its place to another and is not gone yet, which takes a moment: there is one of them at most.
        var leaving: ObjectIdentifier?
        /// Begins no other.
        var isClosed = false

        /// An encoding of the account that has most, when that are two more than this one has: the one that was left alone
        /// for longest, whose listener has most to go on with.
        func surplus(against account: Int64?) -> (id: ObjectIdentifier, line: TranscodeLine)? {
            guard let account, leaving == nil else { return nil }
            let counts = running.values.reduce(into: [Int64: Int]()) { counts, line in
                if let owner = line.job.accountID { counts[owner, default: 0] += 1 }
            }
            guard let most = counts.max(by: { $0.value < $1.value }), most.value > (counts[account] ?? 0) + 1 else {
                return nil
            }
            let theirs = running.filter { $0.value.job.accountID == most.key }
            return theirs.max { $0.value.idle < $1.value.idle }.map { ($0.key, $0.value) }
        }
    }

    private enum Admission {
        case admitted(over: TranscodeLine?)
        case refused
    }

    /// The time in which a listener who takes what comes has most of a track.
    private static let retrySeconds: Double = 10
    /// In which a child that was told to end is gone.
    private static let makingRoomSeconds: Double = 1

    /// Starts nothing yet.
    package init(_ settings: MediaHostSettings, logger: Logger = MediaHostPool.silence) {
        self.settings = settings
        self.logger = logger
    }

    /// Children that run now.
    package var count: Int { state.withLock { $0.running.count } }

    package func begin(_ job: TranscodeJob) async throws -> any TranscodedAudio {
        let line = TranscodeLine(job, settings: settings, metrics: metrics, logger: logger)
        let id = ObjectIdentifier(line)
        switch admit(line, as: id) {
        case .admitted(let other): other?.stop()
        case .refused:
            Metrics.playback.transcodes.count(job.profile.format, .refused)
            throw TranscodersBusy(retryAfterSeconds: makeRoom() ? Self.makingRoomSeconds : Self.retrySeconds)
        }
        line.start { [weak self] in
            self?.state.withLock { state in
                state.running[id] = nil
                if state.leaving == id { state.leaving = nil }
            }
        }
        let audio = TranscodeHandle(line)
        try await line.waitForBytes()
        return audio
    }

    /// While there is room; then for an account that has fewer than others.
    private func admit(_ line: TranscodeLine, as id: ObjectIdentifier) -> Admission {
        state.withLock { state in
            guard !state.isClosed else { return .refused }
            var other: TranscodeLine?
            if state.running.count >= settings.transcodeSlots {
                guard let surplus = state.surplus(against: line.job.accountID) else { return .refused }
                state.running[surplus.id] = nil
                state.leaving = surplus.id
                other = surplus.line
            }
            state.running[id] = line
            return .admitted(over: other)
        }
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
