import CMediaHost
import Domain
import Files
import Glibc
import UseCases

/// A child of its own for one file that is open here: the parser that reads or writes it can change nothing else.
///
/// Waits for its answers on the calling thread, which must stay until this value is gone.
package struct HandedFile: ~Copyable {
    private let child: ChildProcess
    private let path: FilePath
    private let settings: MediaHostSettings
    private var input = FrameBuffer(bytesMax: HostAnswerFrame.bytesMax)

    /// The descriptor stays the caller's; `path` is the name that errors give it.
    package init(_ descriptor: Int32, path: FilePath, settings: MediaHostSettings) throws(Failure) {
        do {
            child = try ChildProcess(
                executable: settings.executable, duty: .edit, memoryBytes: settings.audioMemoryBytes,
                handed: descriptor)
        } catch {
            throw Failure(
                .internalError, "a media host cannot be started: \(String(cString: strerror(error.number)))")
        }
        self.path = path
        self.settings = settings
    }

    /// The facts in it say nothing.
    package mutating func readTags() throws(Failure) -> TagReading {
        guard case .tags(let reading) = try ask(.tags, seconds: settings.wallSeconds.tags) else { throw wrongAnswer }
        return reading
    }

    package mutating func contentKey() throws(Failure) -> String {
        guard case .contentKey(let key) = try ask(.contentKey, seconds: settings.wallSeconds.contentKey) else {
            throw wrongAnswer
        }
        return key
    }

    mutating func write(_ gain: GainTexts) throws(Failure) {
        guard case .written = try ask(.writeGain, gain, seconds: settings.wallSeconds.writeGain) else {
            throw wrongAnswer
        }
    }

    mutating func parts(apartFrom gain: GainTexts) throws(Failure) -> [FilePart] {
        guard case .parts(let parts) = try ask(.parts, gain, seconds: settings.wallSeconds.writeGain) else {
            throw wrongAnswer
        }
        return parts
    }

    private mutating func ask(
        _ kind: HostRequest.Kind, _ gain: GainTexts? = nil, seconds: Double
    ) throws(Failure) -> HostAnswer {
        let request = HostRequest(kind: kind, file: MediaFile(path: path, root: path.parent), gain: gain)
        guard !request.isTooLong else {
            throw Failure(.unreadable, "\(path.quoted) is longer than any path can be")
        }
        var output: [UInt8] = []
        request.encode(into: &output)
        let endUs = sillon_monotonic_us() + Int64(min(max(0, seconds), 1_000_000) * 1_000_000)
        while true {
            if let reply = input.next({ HostReply(kind, $0) }) { return try answer(in: reply) }
            guard !input.isBroken else { throw died() }
            try wait(for: POLLIN | (output.isEmpty ? 0 : POLLOUT), untilUs: endUs)
            let sent = send(child.socket, output, output.count, Int32(MSG_NOSIGNAL))
            if sent > 0 { output.removeFirst(sent) }
            let count = input.read(from: child.socket)
            if count == 0 || count < 0 && errno != EAGAIN { throw died() }
        }
    }

    private func answer(in reply: HostReply) throws(Failure) -> HostAnswer {
        switch reply.result {
        case .success(let answer): return answer
        case .failure(let error as Failure): throw error
        case .failure, nil: throw wrongAnswer
        }
    }

    private func wait(for events: Int32, untilUs endUs: Int64) throws(Failure) {
        let leftUs = endUs - sillon_monotonic_us()
        var polled = pollfd(fd: child.socket, events: Int16(truncatingIfNeeded: events), revents: 0)
        guard leftUs > 0, poll(&polled, 1, Int32(clamping: (leftUs + 999) / 1000)) != 0 else {
            child.kill()
            throw Failure(.parserTimeout, "\(path.quoted) took too long and was stopped")
        }
    }

    private func died() -> Failure {
        child.kill()
        return HostVerdict.failure(of: child.waitForEnd(), path: path)
    }

    private var wrongAnswer: Failure {
        Failure(.internalError, "the media host answered another question about \(path.quoted)")
    }
}
