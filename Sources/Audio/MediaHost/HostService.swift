import CMediaHost
import CTagLib
import Domain
import Files
import Glibc
import UseCases

/// Does what one request asks and writes the answer.
struct HostService: ~Copyable {
    // The sandbox answers that there is no `openat2`: see its filter.
    private let opener = BeneathOpener(usesOpenat2: false)
    private let analysis: AnalysisMode
    private var folder = FolderInHand()
    /// The one file that is read and written, whatever path a request names.
    private let handed: Int32?

    init(_ analysis: AnalysisMode, handed: Int32?) {
        self.analysis = analysis
        self.handed = handed
    }

    /// CPU seconds for one file, a little above the wall limit that the parent holds.
    private static func cpuSeconds(_ kind: HostRequest.Kind) -> UInt32 {
        switch kind {
        case .tags: 40
        case .contentKey: 330
        case .analyze, .sketch: 960
        case .writeGain, .parts: 330
        case .picture: 40
        }
    }

    /// False when this process should end: the answer was its last one, or nobody reads it.
    mutating func serve(_ request: HostRequest) -> Bool {
        guard sillon_sandbox_allow_cpu(HostService.cpuSeconds(request.kind)) == 0 else { return false }
        do {
            return try answer(request)
        } catch {
            // After a parser ran out of memory or had to be stopped, what it left behind is not known.
            let isLast = error.reason == .parserMemory || error.reason == .parserTimeout
            let status = HostAnswerFrame.failed | (isLast ? HostAnswerFrame.retiring : 0)
            return write(status, HostAnswerFrame.encode(error)) && !isLast
        }
    }

    /// For the time until the next request.
    mutating func rest() {
        folder.drop()
    }

    private mutating func answer(_ request: HostRequest) throws(Failure) -> Bool {
        if let handed {
            let (head, tail) = try answer(request, handed, HostService.noFacts)
            return write(HostAnswerFrame.done, head, tail)
        }
        let file = try opener.open(request.file.path, beneath: request.file.root, by: &folder)
        let (head, tail) = try answer(request, file.number, file.facts)
        try opener.expectUnchanged(file)
        return write(HostAnswerFrame.done, head, tail)
    }

    /// The one who handed a file over knows what it is.
    private static let noFacts = FileFacts(size: 0, mtimeNs: 0, inode: 0, device: 0)
    private static var nothing: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: nil, count: 0) }

    /// The answer in two parts, of which the second is the parser's memory.
    private func answer(
        _ request: HostRequest, _ descriptor: Int32, _ facts: FileFacts
    ) throws(Failure) -> (head: [UInt8], tail: UnsafeRawBufferPointer) {
        let path = request.file.path
        let analyzer = AudioAnalyzer(analysis, fingerprint: request.wantsFingerprint)
        switch request.kind {
        case .tags:
            let tags = try readTags(descriptor, path)
            return (HostAnswerFrame.encode(facts) + tags.container, tags.packed)
        case .contentKey:
            let key = try named(path) { () throws(Failure) in try analyzer.contentKey(fd: descriptor, request.stretch) }
            return (Array(key.utf8), HostService.nothing)
        case .analyze:
            let analysis = try named(path) { () throws(Failure) in try analyzer.analyze(fd: descriptor, request.stretch)
            }
            return (try encoded(analysis, path), HostService.nothing)
        case .sketch:
            let sketch = try named(path) { () throws(Failure) in try analyzer.sketch(fd: descriptor) }
            return (try encoded(sketch, path), HostService.nothing)
        case .writeGain:
            let gain = try handedGain(request)
            try named(path) { () throws(Failure) in try gain.write(descriptor, path) }
            return ([], HostService.nothing)
        case .parts:
            let gain = try handedGain(request)
            let parts = try named(path) { () throws(Failure) in try gain.others(descriptor, path) }
            return (try encoded(parts, path), HostService.nothing)
        case .picture:
            let (picture, drawing) = try named(path) { () throws(Failure) in
                try PictureDecoder.decode(fd: descriptor, size: facts.size, toSide: Int(request.side))
            }
            return (HostAnswerFrame.encode(picture, drawing: drawing), HostService.nothing)
        }
    }

    private func handedGain(_ request: HostRequest) throws(Failure) -> GainTexts {
        guard handed != nil, let gain = request.gain else {
            throw Failure(.internalError, "\(request.file.path.quoted) was not handed over to be written")
        }
        return gain
    }

    /// What TagLib says, and where it does not read the format or finds no audio, what the container says before it.
    private func readTags(
        _ descriptor: Int32, _ path: FilePath
    ) throws(Failure) -> (container: [UInt8], packed: UnsafeRawBufferPointer) {
        var packed: UnsafePointer<UInt8>?
        var size = 0
        let result = sillon_tags_read(descriptor, path.fileExtension, CoverImage.maxBytes, &packed, &size)
        let bytes = UnsafeRawBufferPointer(start: packed, count: size)
        switch Int(result) {
        case Int(SILLON_TAGS_OK): return ([], bytes)
        case Int(SILLON_TAGS_UNMEASURED): return (try readContainer(descriptor, path, .corruptFile), bytes)
        case Int(SILLON_TAGS_UNSUPPORTED): return (try readContainer(descriptor, path, .unsupportedFormat), bytes)
        case Int(SILLON_TAGS_CORRUPT): return (try readContainer(descriptor, path, .corruptFile), bytes)
        case Int(SILLON_TAGS_NO_MEMORY):
            throw Failure(.parserMemory, "reading the tags of \(path.quoted) takes more memory than allowed")
        case Int(SILLON_TAGS_ENDLESS):
            throw Failure(.parserTimeout, "reading the tags of \(path.quoted) does not come to an end")
        default: throw Failure(.ioError, "\(path.quoted) cannot be read")
        }
    }

    /// `reason` is what TagLib's answer amounts to when the container gives no audio either.
    private func readContainer(
        _ descriptor: Int32, _ path: FilePath, _ reason: Failure.Reason
    ) throws(Failure) -> [UInt8] {
        do {
            return try ContainerTags.read(fd: descriptor).packed()
        } catch {
            switch error.reason {
            case .corruptFile, .unsupportedFormat:
                let nature = FileNature(descriptor: descriptor).sentence()
                throw Failure(reason, "\(path.quoted) \(nature)")
            default: throw Failure(error.reason, "\(path.quoted): \(error.message)")
            }
        }
    }

    /// The analyser knows descriptors only; here the file gets its name.
    private func named<Value>(_ path: FilePath, _ body: () throws(Failure) -> Value) throws(Failure) -> Value {
        do {
            return try body()
        } catch {
            throw Failure(error.reason, "\(path.quoted): \(error.message)", retryAfterSeconds: error.retryAfterSeconds)
        }
    }

    private func encoded(_ heard: some Encodable, _ path: FilePath) throws(Failure) -> [UInt8] {
        do {
            return try HostAnswerFrame.encode(heard)
        } catch {
            throw Failure(.internalError, "the analysis of \(path.quoted) has a number that cannot be written")
        }
    }

    /// False when the other end is gone.
    private func write(
        _ status: UInt8, _ body: [UInt8], _ tail: UnsafeRawBufferPointer = HostService.nothing
    ) -> Bool {
        var head: [UInt8] = []
        head.reserveCapacity(HostAnswerFrame.headerBytes + body.count)
        head.append(number: UInt32(clamping: 1 + body.count + tail.count))
        head.append(status)
        head.append(contentsOf: body)
        return head.withUnsafeBytes { writeAll($0, tail) }
    }

    private func writeAll(_ head: UnsafeRawBufferPointer, _ tail: UnsafeRawBufferPointer) -> Bool {
        var parts = [iovec(head), iovec(tail)]
        while parts.contains(where: { $0.iov_len > 0 }) {
            let count = writev(STDOUT_FILENO, parts, Int32(parts.count))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            var written = count
            for index in parts.indices {
                let taken = min(written, parts[index].iov_len)
                parts[index].iov_base = parts[index].iov_base.map { $0 + taken }
                parts[index].iov_len -= taken
                written -= taken
            }
        }
        return true
    }
}

extension iovec {
    fileprivate init(_ bytes: UnsafeRawBufferPointer) {
        self.init(iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress), iov_len: bytes.count)
    }
}

extension FileNature {
    /// The descriptor must outlive it.
    fileprivate init(descriptor: Int32) {
        var facts = stat()
        let size = fstat(descriptor, &facts) == 0 ? Int64(facts.st_size) : 0
        self.init(size: size) { offset, count in
            [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                filled = max(0, pread(descriptor, buffer.baseAddress, count, off_t(offset)))
            }
        }
    }
}
