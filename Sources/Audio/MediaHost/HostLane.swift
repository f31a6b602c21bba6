import CMediaHost
import Domain
import Files
import Glibc
import Telemetry
import UseCases

/// One thread, one child: writes requests, reads answers, holds the time limit, replaces a child that died.
/// Everything here stays on the lane's own thread; only `HostQueue` is shared.
struct HostLane {
    /// Tag requests in flight; more would only lengthen the line behind a bad file.
    static let tagDepth = 64
    /// Time in which a child answers a dozen requests for tags.
    private static let gatherUs: UInt32 = 1000

    private let id: Int
    private let wake: WakeSignal
    let queue: HostQueue
    private var pipeline: HostPipeline<HostJob>
    private var child: ChildProcess?
    /// This child has answered something.
    private var hasAnswered = false
    private var output: [UInt8] = []
    private var input = FrameBuffer(bytesMax: HostAnswerFrame.bytesMax)

    init(id: Int, wake: WakeSignal, queue: HostQueue) {
        self.id = id
        self.wake = wake
        self.queue = queue
        pipeline = HostPipeline(depthMax: queue.isLongWork ? 1 : HostLane.tagDepth)
    }

    mutating func run() {
        while !queue.isClosed {
            // A line that is still half full is filled up later: taking from the queue costs a lock.
            if pipeline.isHalfEmpty { pipeline.add(queue.take(pipeline.room, lane: id)) }
            if pipeline.isEmpty {
                if !waitForWork() { return }
            } else if startChildIfNeeded() {
                work()
            }
        }
        for job in pipeline.removeAll() { job.finish(.failure(CancellationError())) }
        child?.kill()
        child = nil
        _ = queue.leave(lane: id)
    }

    /// False when the lane has ended for want of work.
    private mutating func waitForWork() -> Bool {
        let events = wait(wantsToWrite: false, timeoutUs: microseconds(queue.settings.idleSeconds))
        if events.isChildReady {
            // It has nothing to say: it died.
            queue.count(.crashed)
            child = nil
        } else if !events.isWoken {
            child = nil
            return !queue.leave(lane: id)
        }
        return true
    }

    private mutating func startChildIfNeeded() -> Bool {
        guard child == nil else { return true }
        let settings = queue.settings
        do {
            child = try ChildProcess(
                executable: settings.executable, duty: queue.duty,
                memoryBytes: queue.duty == .tags ? settings.tagMemoryBytes : settings.audioMemoryBytes,
                analysis: settings.analysis)
        } catch {
            let text = String(cString: strerror(error.number))
            let failure = Failure(.internalError, "a media host cannot be started: \(text)")
            queue.count(.failed)
            for job in pipeline.removeAll() { job.finish(.failure(failure)) }
            return false
        }
        queue.countStart()
        hasAnswered = false
        output = []
        input = FrameBuffer(bytesMax: HostAnswerFrame.bytesMax)
        return true
    }

    /// One round: send what is new, wait, take answers.
    private mutating func work() {
        for job in pipeline.send(nowUs: sillon_monotonic_us()) { job.request.encode(into: &output) }
        guard let head = pipeline.head, flush() else { return replaceChild(leftUnread: true) }
        // The child has enough to do for a while. To wake up for each single answer would cost more than the answer.
        if !pipeline.isHalfEmpty { usleep(HostLane.gatherUs) }
        let deadlineUs = pipeline.headSinceUs + microseconds(wallSeconds(head.request.kind))
        let leftUs = max(0, deadlineUs - sillon_monotonic_us())
        let events = wait(wantsToWrite: !output.isEmpty, timeoutUs: leftUs)
        if events.isChildReady {
            receive()
        } else if sillon_monotonic_us() >= deadlineUs {
            overstay()
        }
        if queue.isLongWork, !pipeline.isEmpty, queue.isCancelled(lane: id) {
            stopChild(.cancelled, charging: .failure(CancellationError()))
        }
    }

    /// False when the child does not read any more.
    private mutating func flush() -> Bool {
        guard !output.isEmpty, let child else { return true }
        let count = send(child.socket, output, output.count, Int32(MSG_NOSIGNAL))
        if count < 0 { return errno == EAGAIN || errno == EINTR }
        output.removeFirst(count)
        return true
    }

    private mutating func receive() {
        guard let child else { return }
        let count = input.read(from: child.socket)
        if count < 0, errno == EAGAIN { return }
        guard count > 0 else { return replaceChild(leftUnread: count < 0 && errno == ECONNRESET) }
        while let head = pipeline.head {
            let kind = head.request.kind
            guard let answer = input.next({ HostReply(kind, $0) }) else { break }
            guard let result = answer.result else { return misbehaved() }
            let sinceUs = pipeline.headSinceUs
            guard let job = pipeline.answered(nowUs: sillon_monotonic_us()) else { return misbehaved() }
            hasAnswered = true
            note(job, child.peakMemoryBytes)
            job.tell(result, sinceUs: sinceUs, by: child, isLongWork: queue.isLongWork)
            job.finish(result)
            if answer.isRetiring {
                let reason = HostVerdict.restart(afterLast: result)
                queue.count(reason)
                if reason != .retired { tell(reason, of: child.pid, over: job) }
                pipeline.childRetired()
                self.child = nil
                return
            }
        }
        if input.isBroken { misbehaved() }
    }
}

// When a child does not do its duty.
extension HostLane {
    /// The socket was closed at the other end. A child that has answered before and left requests unread most likely
    /// died between two files, so nobody is charged; should the head be to blame, the next child dies of it at once.
    private mutating func replaceChild(leftUnread: Bool) {
        let dead = child
        let end = dead?.waitForEnd() ?? .lingering
        child = nil
        if leftUnread, hasAnswered {
            queue.count(.retired)
            return pipeline.childRetired()
        }
        let reason = HostVerdict.restart(after: end)
        queue.count(reason)
        let sinceUs = pipeline.headSinceUs
        let job = pipeline.childDied()
        let failure = job.map { HostVerdict.failure(of: end, path: $0.request.file.path) }
        tell(reason, failure, of: dead?.pid, over: job)
        guard let job, let failure else { return }
        note(job, dead?.peakMemoryBytes)
        job.tell(.failure(failure), sinceUs: sinceUs, by: dead, isLongWork: queue.isLongWork)
        job.finish(.failure(failure))
    }

    private mutating func overstay() {
        guard let head = pipeline.head else { return }
        let seconds = Int(wallSeconds(head.request.kind).rounded(.up))
        let path = head.request.file.path.quoted
        stopChild(
            .timeout,
            charging: .failure(Failure(.parserTimeout, "\(path) took longer than \(seconds) s and was stopped")))
    }

    private mutating func misbehaved() {
        let path = pipeline.head?.request.file.path.quoted ?? "a file"
        stopChild(
            .nonsense,
            charging: .failure(Failure(.parserCrash, "the parser answered nonsense about \(path)")))
    }

    /// The one who waits is answered first: a child that hangs in the kernel can take its time to go.
    private mutating func stopChild(_ reason: HostRestart, charging result: Result<HostAnswer, any Error>) {
        queue.count(reason)
        let peak = child?.peakMemoryBytes
        let sinceUs = pipeline.headSinceUs
        child?.kill()
        let job = pipeline.childDied()
        if reason != .cancelled {
            var failure: Failure?
            if case .failure(let known as Failure) = result { failure = known }
            tell(reason, failure, of: child?.pid, over: job)
        }
        if let job {
            note(job, peak)
            job.tell(result, sinceUs: sinceUs, by: child, isLongWork: queue.isLongWork)
            job.finish(result)
        }
        child = nil
    }

    private func note(_ job: HostJob, _ peakBytes: @autoclosure () -> Int64?) {
        guard let gauge = job.gauge, let bytes = peakBytes() else { return }
        gauge.note(memoryBytes: bytes)
    }

    private func wallSeconds(_ kind: HostRequest.Kind) -> Double {
        switch kind {
        case .tags: queue.settings.wallSeconds.tags
        case .contentKey: queue.settings.wallSeconds.contentKey
        case .analyze, .sketch: queue.settings.wallSeconds.analyze
        case .writeGain, .parts: queue.settings.wallSeconds.writeGain
        case .picture: queue.settings.wallSeconds.picture
        }
    }

    private func microseconds(_ seconds: Double) -> Int64 {
        Int64(min(max(0, seconds), 1_000_000) * 1_000_000)
    }

    private struct Events {
        var isChildReady = false
        var isWoken = false
    }

    private func wait(wantsToWrite: Bool, timeoutUs: Int64) -> Events {
        var polled = [pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0)]
        if let child {
            polled.append(
                pollfd(fd: child.socket, events: Int16(POLLIN | (wantsToWrite ? POLLOUT : 0)), revents: 0))
        }
        let milliseconds = Int32(clamping: (timeoutUs + 999) / 1000)
        let count = poll(&polled, nfds_t(polled.count), milliseconds)
        // An interrupted wait is no time-out: the caller comes back.
        guard count >= 0 else { return Events(isWoken: true) }
        if polled[0].revents != 0 { wake.clear() }
        let isChildReady = polled.count > 1 && polled[1].revents & Int16(POLLIN | POLLHUP | POLLERR) != 0
        let isWritable = polled.count > 1 && polled[1].revents & Int16(POLLOUT) != 0
        return Events(isChildReady: isChildReady, isWoken: polled[0].revents != 0 || isWritable)
    }
}
