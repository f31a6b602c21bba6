import Domain
import UseCases

/// What a child is asked to do with one file.
struct HostRequest: Hashable, Sendable {
    enum Kind: UInt8, Sendable {
        case tags = 1
        case contentKey, analyze, sketch
        /// Only in a child that was handed the file. `parts` tells what `writeGain` must leave as it is.
        case writeGain, parts
        /// The file is a picture.
        case picture
    }

    let kind: Kind
    let file: MediaFile
    /// What is to be written, for `writeGain` and `parts`.
    var gain: GainTexts?
    /// For `analyze` and `sketch`.
    var wantsFingerprint = false
    /// For `picture`: pixels of the longer side of the drawing that is wanted; 0 for none.
    var side: UInt16 = 0
    /// For `contentKey` and `analyze`: what of the file is meant; nil for all of it.
    var stretch: Stretch?

    /// Root and path; the kernel takes paths up to 4 KiB.
    static let bytesMax = 128 * 1024
    var isTooLong: Bool { file.path.bytes.count + file.root.bytes.count >= HostRequest.bytesMax / 2 }
}

extension HostRequest {
    /// u8 kind, u8 1 for a fingerprint, u16 side, i64 from and up to (the whole file: -1 and -1), u32 size + root, u32 size + gain (none: 0), path.
    func encode(into frame: inout [UInt8]) {
        let gain = gain?.packed ?? []
        frame.append(
            number: UInt32(clamping: 4 + 16 + 4 + file.root.bytes.count + 4 + gain.count + file.path.bytes.count))
        frame.append(kind.rawValue)
        frame.append(wantsFingerprint ? 1 : 0)
        frame.append(number: side)
        frame.append(number: stretch?.beginUs ?? -1)
        frame.append(number: stretch?.endUs ?? -1)
        frame.append(number: UInt32(clamping: file.root.bytes.count))
        frame.append(contentsOf: file.root.bytes)
        frame.append(number: UInt32(clamping: gain.count))
        frame.append(contentsOf: gain)
        frame.append(contentsOf: file.path.bytes)
    }

    init?(frame: UnsafeRawBufferPointer) {
        var reader = ByteReader(frame)
        guard let number = reader.number(UInt8.self), let kind = Kind(rawValue: number),
            let fingerprint = reader.number(UInt8.self), let side = reader.number(UInt16.self),
            let begin = reader.number(Int64.self), let end = reader.number(Int64.self),
            let rootSize = reader.number(UInt32.self), let root = reader.bytes(Int(rootSize)),
            let gainSize = reader.number(UInt32.self), let gain = reader.bytes(Int(gainSize))
        else { return nil }
        self.init(
            kind: kind,
            file: MediaFile(path: FilePath(bytes: Array(reader.rest())), root: FilePath(bytes: Array(root))),
            gain: gain.isEmpty ? nil : GainTexts(packed: gain), wantsFingerprint: fingerprint == 1, side: side,
            stretch: Stretch(beginUs: begin, endUs: end >= 0 ? end : nil))
    }
}
