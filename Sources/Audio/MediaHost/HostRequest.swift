import Domain
import UseCases

/// What a child is asked to do with one file.
struct HostRequest: Hashable, Sendable {
    enum Kind: UInt8, Sendable {
        case tags = 1
        case contentKey, analyze, sketch
    }

    let kind: Kind
    let file: MediaFile

    /// Root and path; the kernel takes paths up to 4 KiB.
    static let bytesMax = 128 * 1024
    var isTooLong: Bool { file.path.bytes.count + file.root.bytes.count >= HostRequest.bytesMax / 2 }
}

extension HostRequest {
    /// u8 kind, u32 size + root, path.
    func encode(into frame: inout [UInt8]) {
        frame.append(number: UInt32(clamping: 1 + 4 + file.root.bytes.count + file.path.bytes.count))
        frame.append(kind.rawValue)
        frame.append(number: UInt32(clamping: file.root.bytes.count))
        frame.append(contentsOf: file.root.bytes)
        frame.append(contentsOf: file.path.bytes)
    }

    init?(frame: UnsafeRawBufferPointer) {
        var reader = ByteReader(frame)
        guard let number = reader.number(UInt8.self), let kind = Kind(rawValue: number),
            let rootSize = reader.number(UInt32.self), let root = reader.bytes(Int(rootSize))
        else { return nil }
        self.init(
            kind: kind, file: MediaFile(path: FilePath(bytes: Array(reader.rest())), root: FilePath(bytes: Array(root)))
        )
    }
}
