import Domain
import UseCases

/// What a child is asked to encode: the file that it was handed.
struct TranscodeOrder: Hashable, Sendable {
    /// Short enough for the room that a stream of known length leaves for its head.
    struct Labels: Hashable, Sendable {
        var title = ""
        var artist = ""
        var album = ""
    }

    let profile: TranscodeProfile
    let stretch: Stretch?
    let labels: Labels

    static let bytesMax = 16 * 1024
    /// Of each label, in UTF-8.
    private static let labelBytesMax = 500

    init(_ job: TranscodeJob) {
        profile = job.profile
        stretch = job.stretch
        labels = Labels(
            title: Self.shortened(job.labels.title), artist: Self.shortened(job.labels.artist),
            album: Self.shortened(job.labels.album))
    }

    /// Ends between two characters, and holds no NUL, where a C text would end.
    private static func shortened(_ text: String?) -> String {
        var kept = ""
        var bytes = 0
        for scalar in (text ?? "").unicodeScalars where scalar != "\0" {
            bytes += UTF8.width(scalar)
            guard bytes <= labelBytesMax else { break }
            kept.unicodeScalars.append(scalar)
        }
        return kept
    }
}

extension TranscodeOrder {
    /// u32 size; u8 format, u8 1 for a constant rate, u32 kbit/s, i64 from, i64 begin and end of the stretch (none: -1), three of u32 size + text.
    func encode(into frame: inout [UInt8]) {
        var body: [UInt8] = [UInt8(Self.formats.firstIndex(of: profile.format) ?? 0), profile.isConstant ? 1 : 0]
        body.append(number: UInt32(clamping: profile.kbps))
        body.append(number: Int64(profile.fromMs))
        body.append(number: stretch?.beginUs ?? -1)
        body.append(number: stretch?.endUs ?? -1)
        for text in [labels.title, labels.artist, labels.album] {
            body.append(number: UInt32(clamping: text.utf8.count))
            body.append(contentsOf: text.utf8)
        }
        frame.append(number: UInt32(clamping: body.count))
        frame.append(contentsOf: body)
    }

    init?(frame: UnsafeRawBufferPointer) {
        var reader = ByteReader(frame)
        guard let number = reader.number(UInt8.self), Self.formats.indices.contains(Int(number)),
            let isConstant = reader.number(UInt8.self), let kbps = reader.number(UInt32.self),
            let from = reader.number(Int64.self), let begin = reader.number(Int64.self),
            let end = reader.number(Int64.self),
            let title = reader.text(), let artist = reader.text(), let album = reader.text()
        else { return nil }
        profile = TranscodeProfile(
            format: Self.formats[Int(number)], kbps: Int(kbps), fromMs: Int(from), isConstant: isConstant == 1)
        stretch = Stretch(beginUs: begin, endUs: end >= 0 ? end : nil)
        labels = Labels(title: title, artist: artist, album: album)
    }

    private static let formats = TranscodeFormat.allCases
}

extension ByteReader {
    fileprivate mutating func text() -> String? {
        guard let size = number(UInt32.self), let bytes = bytes(Int(size)) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// What a child answers: u32 size, u8 kind, body.
enum TranscodeFrame {
    /// The next bytes of the encoding.
    static let bytes: UInt8 = 0
    /// A `Failure`, as in any answer of a media host. Nothing follows.
    static let failed: UInt8 = 1
    /// That was all.
    static let end: UInt8 = 2

    /// The encoder hands over 16 KiB at most, and a failure's message is shorter.
    static let bytesMax = 64 * 1024

    static func head(_ kind: UInt8, bodyBytes: Int) -> [UInt8] {
        var head: [UInt8] = []
        head.append(number: UInt32(clamping: 1 + bodyBytes))
        head.append(kind)
        return head
    }
}
