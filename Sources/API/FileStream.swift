import Domain
import HTTPTypes
import Hummingbird
import NIOCore
import Telemetry
import UseCases

/// A file, or a range of it, as a response: read and sent in pieces, so that memory does not grow with the file.
struct FileStream: Sendable {
    let file: any LibraryFile
    let slot: StreamSlots.Slot
    /// How long the client may take nothing.
    let patience: Duration

    /// Bytes read at once. A piece is read when the one before has been taken by the network.
    private static let pieceBytes = 256 * 1024

    /// - Parameters:
    ///   - asked: The headers of the request.
    ///   - isHead: Whether only the head of the answer is wanted; a range means nothing then (RFC 9110, 14.2).
    ///   - headers: Those of the answer that say what the file is.
    ///   - listener: Is told of every piece that was taken; nil where nobody listens.
    func response(
        to asked: HTTPFields, isHead: Bool, _ client: ClientPresence, headers: HTTPFields,
        listener: PlaybackPresence? = nil
    ) throws(Problem) -> Response {
        let (range, ifRange) = (isHead ? nil : asked[.range], asked[.ifRange])
        let size = file.facts.size
        let tag = file.facts.entityTag
        var headers = headers
        (headers[.acceptRanges], headers[.eTag]) = ("bytes", tag)
        if asked.knows(tag) { return Response(status: .notModified, headers: headers) }
        // A range of another file than the client has a part of is of no use to it: it gets the whole.
        let isCurrent = ifRange.map { $0 == tag } ?? true
        switch isCurrent ? ByteRange.parse(range, size: size) : .whole {
        case .whole:
            return Response(status: .ok, headers: headers, body: body(0..<size, for: client, listener))
        case .part(let part):
            headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(size)"
            return Response(status: .partialContent, headers: headers, body: body(part, for: client, listener))
        case .unsatisfiable:
            throw Problem(
                .rangeNotSatisfiable, "the file has \(size) bytes", headers: [.contentRange: "bytes */\(size)"])
        }
    }

    /// The kernel could send the file by itself (`sendfile`), which NIO offers as `FileRegion`; the body of a response here
    /// takes `ByteBuffer` alone, so that every piece passes through this process once.
    private func body(
        _ range: Range<Int64>, for client: ClientPresence, _ listener: PlaybackPresence?
    ) -> ResponseBody {
        let (file, slot, patience) = (file, slot, patience)
        return ResponseBody(contentLength: Int(clamping: range.count)) { writer in
            let watch = StallWatch(limit: patience) { client.disconnect() }
            let listening = listener.map { _ in OpenStream(.original) }
            defer { watch.end() }
            var offset = range.lowerBound
            while offset < range.upperBound {
                let wanted = Int(min(Int64(Self.pieceBytes), range.upperBound - offset))
                let bytes = try await file.read(at: offset, count: wanted)
                // Cut short, so that the client sees that this is not the file it asked for.
                guard !bytes.isEmpty else { throw Failure(.fileChanged, "the file has become shorter") }
                offset += Int64(bytes.count)
                // The last piece is held back until it is sure that all of them are of one file.
                if offset == range.upperBound { try await file.expectUnchanged() }
                try await writer.write(ByteBuffer(bytes: bytes))
                watch.progress()
                listener?.note()
            }
            try await writer.finish(nil)
            withExtendedLifetime((slot, listening)) {}
        }
    }
}

extension FileFacts {
    /// Another one for every change that `lstat` can tell (RFC 9110, 8.8.3).
    var entityTag: String {
        "\"" + [size, mtimeNs, inode, device].map { String($0, radix: 16) }.joined(separator: ".") + "\""
    }

    /// `size=…; mtime_ns=…; inode=…; device=…`
    var headerText: String { "size=\(size); mtime_ns=\(mtimeNs); inode=\(inode); device=\(device)" }
}

/// One range of bytes in a `Range` header (RFC 9110, 14.2). Lists of ranges, and what is not understood, mean the whole.
enum ByteRange: Hashable {
    case whole
    case part(Range<Int64>)
    case unsatisfiable

    /// Bytes of a header that is one range; what is longer is a list, or nothing that is understood.
    static let maxLength = 200

    static func parse(_ header: String?, size: Int64) -> ByteRange {
        guard let header, header.utf8.count <= maxLength, header.hasPrefix("bytes=") else { return .whole }
        let parts = header.dropFirst("bytes=".count).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return .whole }
        if parts[0].isEmpty {
            guard let last = number(parts[1]) else { return .whole }
            return last > 0 && size > 0 ? .part(max(0, size - last)..<size) : .unsatisfiable
        }
        guard let first = number(parts[0]) else { return .whole }
        if parts[1].isEmpty { return first < size ? .part(first..<size) : .unsatisfiable }
        guard let last = number(parts[1]), last >= first else { return .whole }
        return first < size ? .part(first..<min(last, size - 1) + 1) : .unsatisfiable
    }

    /// Digits only: no sign, no space. A number that is larger than any file is as good as the largest.
    private static func number(_ text: Substring) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int64(text) ?? .max
    }
}
