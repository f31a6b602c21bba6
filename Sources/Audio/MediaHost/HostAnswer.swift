import Domain
import UseCases

/// What a child found in one file.
enum HostAnswer: Sendable {
    case tags(TagReading)
    case contentKey(String)
    case analysis(AudioAnalysis)
    case sketch(AudioSketch)
    case written
    case parts([FilePart])
    case picture(PictureFacts, drawing: [UInt8])
}

/// The frame around an answer: u32 size, u8 status, body.
enum HostAnswerFrame {
    static let done: UInt8 = 0
    static let failed: UInt8 = 1
    /// Added to the status: the child ends after this answer, and the next files need another one.
    static let retiring: UInt8 = 0x80

    static let headerBytes = 5
    /// A cover, the fields and some room.
    static let bytesMax = 32 * 1024 * 1024

    static func encode(_ failure: Failure) -> [UInt8] {
        var body: [UInt8] = [UInt8(clamping: failure.reason.rawValue.utf8.count)]
        body.append(contentsOf: failure.reason.rawValue.utf8)
        body.append(contentsOf: failure.message.utf8.prefix(messageBytesMax))
        return body
    }

    static func encode(_ facts: FileFacts) -> [UInt8] {
        var body: [UInt8] = []
        for number in [facts.size, facts.mtimeNs, facts.inode, facts.device] { body.append(number: number) }
        return body
    }

    private static let messageBytesMax = 16 * 1024

    /// Nil when the child did not keep to the form.
    static func failure(_ body: UnsafeRawBufferPointer) -> Failure? {
        var reader = ByteReader(body)
        guard let size = reader.number(UInt8.self), let text = reader.bytes(Int(size)),
            let reason = Failure.Reason(rawValue: String(decoding: text, as: UTF8.self))
        else { return nil }
        return Failure(reason, String(decoding: reader.rest(), as: UTF8.self))
    }

    static func tags(_ body: UnsafeRawBufferPointer) -> TagReading? {
        var reader = ByteReader(body)
        guard let size = reader.number(Int64.self), let mtime = reader.number(Int64.self),
            let inode = reader.number(Int64.self), let device = reader.number(Int64.self),
            let tags = RawTags(packed: reader.rest())
        else { return nil }
        return TagReading(
            facts: FileFacts(size: size, mtimeNs: mtime, inode: inode, device: device),
            metadata: TagNormalizer.metadata(of: tags), properties: PropertyRules.properties(of: tags),
            cover: CoverSniffer.cover(tags.coverData))
    }
}
