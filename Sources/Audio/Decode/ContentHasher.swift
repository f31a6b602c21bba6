import Crypto
import Domain

/// SHA-256 over the codec's name and the payloads of the audio packets, one after the other.
///
/// Tags, covers, page and chunk layout of the container, and the file's name are no part of it.
struct ContentHasher {
    private var hash = SHA256()

    /// - Parameter stretch: Of a part, whose packets others may share: its bounds are in the hash, too.
    init(codec: String, _ stretch: Stretch? = nil) {
        hash.update(data: Array(codec.utf8) + [0])
        guard let stretch else { return }
        for bound in [stretch.beginUs, stretch.endUs ?? -1] {
            withUnsafeBytes(of: bound.littleEndian) { hash.update(bufferPointer: $0) }
        }
    }

    mutating func add(_ packet: UnsafeRawBufferPointer) {
        hash.update(bufferPointer: packet)
    }

    /// 64 hexadecimal digits.
    func key() -> String {
        Hex.encode(Array(hash.finalize()))
    }
}
