/// A download: what was asked for, and how it stands at a given time.
struct SlskdTransfer: Sendable {
    struct Standing: Sendable {
        var state: String
        var attempts = 1
        var bytes = 0
        var enqueuedAt: Double?
        var startedAt: Double?
        var endedAt: Double?
        var nextAttemptAt: Double?
        var place: Int?
        var problem: String?

        var isComplete: Bool { state.hasPrefix("Completed") }
        var hasSucceeded: Bool { state == "Completed, Succeeded" }
        /// Completed, and slskd will not try again by itself.
        var isFinal: Bool { isComplete && nextAttemptAt == nil }
    }

    let id: String
    let batchID: String?
    let username: String
    let filename: String
    /// As the client believes it to be.
    let size: Int
    let destination: String?
    /// What is really there.
    let actualSize: Int
    let manner: SoulseekPeer.Manner
    let isLocked: Bool
    let queueLength: Int
    let uploadSpeed: Int
    let timeScale: Double
    let requestedAt: Double
    var cancelledAt: Double?
    var isRemoved = false
    /// The file lies in the folder of downloads, under this name.
    var localPath: String?

    /// Tries after the first, and seconds before each: doubled, up to the longest.
    private static let retries = 3
    private static let firstPause = 5.0
    private static let longestPause = 60.0
    /// Seconds of the steps before bytes come.
    private static let step = 0.1
    private static let queueStep = 0.3
    private static let patience = 3.0
    private static let leastSending = 0.3

    func standing(at now: Double) -> Standing {
        if let cancelledAt, cancelledAt <= now {
            var standing = course(at: cancelledAt)
            if !standing.isFinal {
                standing.state = "Completed, Cancelled"
                standing.endedAt = cancelledAt
                standing.nextAttemptAt = nil
                return standing
            }
        }
        var standing = course(at: now)
        // Done only when the file is there.
        if standing.hasSucceeded, localPath == nil {
            standing.state = "InProgress"
            standing.endedAt = nil
        }
        return standing
    }

    /// All attempts until now.
    func course(at now: Double) -> Standing {
        var begin = requestedAt
        var pause = Self.firstPause * timeScale
        var attempt = 1
        while true {
            var standing = self.attempt(attempt, from: begin, at: now)
            standing.attempts = attempt
            guard let end = standing.endedAt, isRetried(standing), attempt <= Self.retries else { return standing }
            standing.nextAttemptAt = end + pause
            guard end + pause <= now else { return standing }
            begin = end + pause
            pause = min(pause * 2, Self.longestPause * timeScale)
            attempt += 1
        }
    }

    private func isRetried(_ standing: Standing) -> Bool {
        ["Completed, Errored", "Completed, TimedOut", "Completed, Aborted"].contains(standing.state)
            && standing.problem?.contains("size") != true
    }

    private func attempt(_ number: Int, from begin: Double, at now: Double) -> Standing {
        let step = Self.step * timeScale
        var standing = Standing(state: "Requested")
        guard now >= begin + step else { return standing }
        standing.state = "Queued, Locally"
        standing.enqueuedAt = begin + step
        guard now >= begin + 2 * step else { return standing }
        standing.state = "Queued, Remotely"
        standing.place = queueLength + 1
        if let refusal {
            return ended(standing, "Completed, \(refusal.state)", at: begin + 3 * step, now, refusal.problem)
        }
        if manner == .timesOut {
            let end = begin + 2 * step + Self.patience * timeScale
            return ended(standing, "Completed, TimedOut", at: end, now, "The wait timed out")
        }
        let turn = begin + 2 * step + Self.queueStep * timeScale * Double(queueLength + 1)
        guard now >= turn else { return standing }
        standing.state = "Initializing"
        standing.place = nil
        guard now >= turn + step else { return standing }
        return sending(standing, attempt: number, from: turn + step, at: now)
    }

    private var refusal: (state: String, problem: String)? {
        if manner == .rejects || isLocked { return ("Rejected", "Transfer rejected: File not shared.") }
        if actualSize != size || manner == .grewFiles {
            let there = manner == .grewFiles ? size + 1 : actualSize
            return ("Errored", "Transfer failed: the remote size \(there) does not match the expected size \(size)")
        }
        return nil
    }

    private func sending(_ before: Standing, attempt: Int, from start: Double, at now: Double) -> Standing {
        var standing = before
        standing.startedAt = start
        let duration = max(Self.leastSending, Double(size) / Double(max(uploadSpeed, 1))) * timeScale
        let done = min(max((now - start) / duration, 0), 1)
        let isBroken = [.breaksOff, .aborts].contains(manner) || (manner == .breaksOffOnce && attempt == 1)
        standing.bytes = Int(Double(size) * min(done, isBroken ? 0.5 : 1))
        standing.state = "InProgress"
        if isBroken {
            let (state, problem) =
                manner == .aborts
                ? ("Aborted", "Transfer aborted") : ("Errored", "Transfer failed: Connection reset by peer")
            return ended(standing, "Completed, \(state)", at: start + duration / 2, now, problem)
        }
        return ended(standing, "Completed, Succeeded", at: start + duration, now, nil)
    }

    /// The same, or its end when that has come.
    private func ended(
        _ before: Standing, _ state: String, at end: Double, _ now: Double, _ problem: String?
    ) -> Standing {
        guard now >= end else { return before }
        var standing = before
        standing.state = state
        standing.endedAt = end
        standing.place = nil
        standing.problem = problem
        return standing
    }

    func json(at now: Double) -> JSON {
        let standing = standing(at: now)
        let elapsed = standing.startedAt.map { (standing.endedAt ?? now) - $0 }
        let speed = elapsed.map { Double(standing.bytes) / max($0, 0.001) } ?? 0
        let left = size - standing.bytes
        let json: JSON = [
            "id": .string(id), "batchId": JSON(batchID), "username": .string(username), "direction": "Download",
            "filename": .string(filename), "size": .int(size), "startOffset": 0, "state": .string(standing.state),
            "requestedAt": SlskdText.date(requestedAt, isMarked: false),
            "enqueuedAt": standing.enqueuedAt.map { SlskdText.date($0, isMarked: false) } ?? .null,
            "startedAt": standing.startedAt.map { SlskdText.date($0) } ?? .null,
            "endedAt": standing.endedAt.map { SlskdText.date($0) } ?? .null,
            "bytesTransferred": .int(standing.bytes), "averageSpeed": .double(speed),
            "placeInQueue": JSON(standing.place), "exception": JSON(standing.problem),
            "bytesRemaining": .int(left), "elapsedTime": elapsed.map { SlskdText.duration($0) } ?? .null,
            "percentComplete": .double(size == 0 ? 0 : 100 * Double(standing.bytes) / Double(size)),
            "remainingTime": speed > 0 ? SlskdText.duration(Double(left) / speed) : .null,
            "attempts": .int(standing.attempts),
            "nextAttemptAt": standing.nextAttemptAt.map { SlskdText.date($0) } ?? .null, "removed": .bool(isRemoved),
        ]
        return json.withoutNulls
    }
}
