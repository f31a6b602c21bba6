import CMediaHost
import Domain
import Files
import Glibc
import Telemetry
import UseCases

/// Opens the file, hands it to a child, and reads what that encodes: all on one thread.
struct TranscodeReader {
    private let line: TranscodeLine
    private let wake: WakeSignal
    private var child: ChildProcess?
    private var input = FrameBuffer(bytesMax: TranscodeFrame.bytesMax)
    /// A child crashed, and how; nil while none did.
    private var crash: Failure?

    init(line: TranscodeLine, wake: WakeSignal) {
        self.line = line
        self.wake = wake
    }

    private var path: FilePath { line.job.file.path }

    /// Success when the child said that this was all. A child that crashed before it gave anything gets one more try: nobody
    /// heard of it yet, and a healthy file is not to be called broken for what the device did.
    mutating func run() -> Result<Void, Failure> {
        let end = encodeOnce()
        guard case .failure = end, crash != nil, !line.hasGiven, !line.isStopped else { return end }
        child = nil
        input = FrameBuffer(bytesMax: TranscodeFrame.bytesMax)
        return encodeOnce()
    }

    private mutating func encodeOnce() -> Result<Void, Failure> {
        do {
            let child = try spawn()
            self.child = child
            line.countStart()
            try send(to: child)
            return .success(try read(from: child))
        } catch {
            return .failure(error)
        }
    }

    /// Waits until the child is gone, for a moment.
    mutating func endChild() { child = nil }

    /// Only this process opens files: the child gets the one that it encodes.
    private func spawn() throws(Failure) -> ChildProcess {
        let file = try BeneathOpener().open(path, beneath: line.job.file.root)
        do {
            return try ChildProcess(
                executable: line.settings.executable, duty: .transcode, memoryBytes: line.settings.transcodeMemoryBytes,
                handed: file.number)
        } catch {
            let failure = Failure(
                .internalError, "a media host cannot be started: \(String(cString: strerror(error.number)))")
            line.tell(.failed, failure, of: nil)
            throw failure
        }
    }

    private mutating func send(to child: ChildProcess) throws(Failure) {
        var order: [UInt8] = []
        TranscodeOrder(line.job).encode(into: &order)
        // A new socket has room for all of it.
        guard Glibc.send(child.socket, order, order.count, Int32(MSG_NOSIGNAL)) == order.count else {
            throw died(child)
        }
    }

    private mutating func read(from child: ChildProcess) throws(Failure) {
        let patienceUs = Int64(min(max(0, line.settings.wallSeconds.transcode), 1_000_000) * 1_000_000)
        var wantedSinceUs: Int64?
        while true {
            guard !line.isStopped else { throw stopped(child) }
            let wantsBytes = line.wantsBytes
            let nowUs = sillon_monotonic_us()
            let sinceUs = wantsBytes ? wantedSinceUs ?? nowUs : nil
            wantedSinceUs = sinceUs
            let leftUs = sinceUs.map { max(0, $0 + patienceUs - nowUs) }
            guard leftUs != 0 else { throw overstayed(child) }
            guard wait(for: wantsBytes ? child : nil, leftUs: leftUs) else { continue }
            let count = input.read(from: child.socket)
            if count < 0, errno == EAGAIN { continue }
            if try takeFrames(from: child) { return }
            guard count > 0 else { throw died(child) }
            wantedSinceUs = nil
        }
    }

    /// True at the end.
    private mutating func takeFrames(from child: ChildProcess) throws(Failure) -> Bool {
        let line = line
        while let verdict = input.next({ Self.take($0, line) }) {
            switch verdict {
            case .goOn: continue
            case .end: return true
            case .failure(let failure): throw failure
            }
        }
        guard !input.isBroken else { throw nonsense(child) }
        return false
    }

    private enum Verdict {
        case goOn, end
        case failure(Failure)
    }

    private static func take(_ frame: UnsafeRawBufferPointer, _ line: TranscodeLine) -> Verdict {
        let path = line.job.file.path
        let body = UnsafeRawBufferPointer(rebasing: frame.dropFirst())
        switch frame.first {
        case TranscodeFrame.bytes:
            line.put(body)
            return .goOn
        case TranscodeFrame.end: return .end
        case TranscodeFrame.failed:
            guard let told = HostAnswerFrame.failure(body) else {
                return .failure(Failure(.parserCrash, "the encoder answered nonsense about \(path.quoted)"))
            }
            let failure = Failure(told.reason, "\(path.quoted): \(told.message)")
            if failure.reason == .parserMemory { line.tell(.memory, failure, of: nil) }
            return .failure(failure)
        default: return .failure(Failure(.parserCrash, "the encoder answered nonsense about \(path.quoted)"))
        }
    }

    /// True when the child has said something, or is gone.
    private func wait(for child: ChildProcess?, leftUs: Int64?) -> Bool {
        var polled = [pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0)]
        if let child { polled.append(pollfd(fd: child.socket, events: Int16(POLLIN), revents: 0)) }
        let milliseconds = leftUs.map { Int32(clamping: ($0 + 999) / 1000) } ?? -1
        guard poll(&polled, nfds_t(polled.count), milliseconds) > 0 else { return false }
        if polled[0].revents != 0 { wake.clear() }
        return polled.count > 1 && polled[1].revents != 0
    }

    // MARK: Ends

    private mutating func died(_ child: ChildProcess) -> Failure {
        // It has closed its side: nothing that it holds must be saved.
        let end = child.waitForEnd()
        let reason = HostVerdict.restart(after: end)
        let failure = HostVerdict.failure(of: end, path: path)
        if reason == .crashed { crash = failure }
        line.tell(reason, failure, of: child.pid)
        return failure
    }

    private func stopped(_ child: ChildProcess) -> Failure {
        child.kill()
        return Failure(.internalError, "nobody wants \(path.quoted) any more")
    }

    private func overstayed(_ child: ChildProcess) -> Failure {
        child.kill()
        let failure = Failure(.parserTimeout, "encoding \(path.quoted) does not go on")
        line.tell(.timeout, failure, of: child.pid)
        return failure
    }

    private func nonsense(_ child: ChildProcess) -> Failure {
        child.kill()
        let failure = Failure(.parserCrash, "the encoder answered nonsense about \(path.quoted)")
        line.tell(.nonsense, failure, of: child.pid)
        return failure
    }
}
