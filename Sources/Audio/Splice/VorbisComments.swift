import Domain

/// Vorbis comments (xiph.org, vorbis-spec 5), as FLAC and the formats in Ogg have them, read strictly.
struct VorbisComments {
    private let vendor: [UInt8]
    private var comments: [[UInt8]] = []
    /// What lies behind them.
    private let rest: [UInt8]

    /// What a file gets that has none.
    init() { (vendor, rest) = (Array("Sillon".utf8), []) }

    init(_ bytes: [UInt8], from begin: Int) throws(Failure) {
        var at = begin
        func text() throws(Failure) -> [UInt8] {
            guard let size = bytes.littleEndian(at: at, 4), size <= bytes.count - at - 4 else { throw Self.odd }
            defer { at += 4 + size }
            return Array(bytes[(at + 4)..<(at + 4 + size)])
        }
        vendor = try text()
        guard let count = bytes.littleEndian(at: at, 4), count <= FilePart.countMax else { throw Self.odd }
        at += 4
        for _ in 0..<count { comments.append(try text()) }
        rest = Array(bytes[at...])
    }

    private static let odd = Failure(
        .unsupportedFormat, "has comments that are none or too many, so nothing is written beside them")

    /// Nil for what has no name.
    private static func name(_ comment: [UInt8]) -> String? {
        comment.firstIndex(of: UInt8(ascii: "=")).map { String(decoding: comment[..<$0], as: UTF8.self) }
    }

    mutating func set(_ fields: [GainField]) {
        let known = comments.compactMap(Self.name)
        comments.removeAll { Self.name($0).map(fields.has) ?? false }
        comments += fields.spelled(as: known).map { Array("\($0.name)=\($0.text)".utf8) }
    }

    func rendered() -> [UInt8] {
        var bytes = [UInt8].littleEndian(vendor.count, 4)
        bytes += vendor
        bytes += [UInt8].littleEndian(comments.count, 4)
        for comment in comments { bytes += [UInt8].littleEndian(comment.count, 4) + comment }
        return bytes + rest
    }

    /// Names may change their letters from small to capital: they mean the same.
    func parts(apartFrom fields: [GainField]) -> [FilePart] {
        // Zeros may be cut and added.
        let solid = rest.reversed().drop { $0 == 0 }.reversed()
        return (solid.isEmpty ? [] : [FilePart("bytes behind the comments", solid)])
            + comments.compactMap { comment in
                guard let name = Self.name(comment)?.uppercased() else {
                    return FilePart("comment without a name", comment)
                }
                let value = comment[(comment.firstIndex(of: UInt8(ascii: "=")) ?? 0)...]
                return fields.has(name) ? nil : FilePart("comment " + name, Array(name.utf8) + value)
            }
    }
}
