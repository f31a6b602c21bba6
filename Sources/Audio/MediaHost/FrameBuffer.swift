import Glibc

/// Bytes that came in, cut into frames: u32 size, then as many bytes.
struct FrameBuffer {
    private var bytes: [UInt8] = []
    private var position = 0
    private let bytesMax: Int
    /// A frame larger than allowed was announced: nothing after it can be understood.
    private(set) var isBroken = false

    init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    private static let readBytes = 64 * 1024

    /// As `read(2)`: the number of bytes that were added, 0 at the end, negative on error.
    mutating func read(from descriptor: Int32) -> Int {
        compact()
        return withUnsafeTemporaryAllocation(byteCount: FrameBuffer.readBytes, alignment: 8) { chunk in
            var count = 0
            repeat { count = Glibc.read(descriptor, chunk.baseAddress, chunk.count) } while count < 0 && errno == EINTR
            if count > 0 { bytes.append(contentsOf: chunk[..<count]) }
            return count
        }
    }

    mutating func append(_ more: some Sequence<UInt8>) {
        compact()
        bytes.append(contentsOf: more)
    }

    /// Hands the next whole frame to `body`. Nil when there is none yet.
    mutating func next<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value? {
        let left = bytes.count - position
        guard !isBroken, left >= MemoryLayout<UInt32>.size else { return nil }
        return bytes.withUnsafeBytes { all -> Value? in
            let size = Int(all.loadUnaligned(fromByteOffset: position, as: UInt32.self))
            guard size <= bytesMax else {
                isBroken = true
                return nil
            }
            let start = position + MemoryLayout<UInt32>.size
            guard all.count - start >= size else { return nil }
            position = start + size
            return body(UnsafeRawBufferPointer(rebasing: all[start..<(start + size)]))
        }
    }

    private mutating func compact() {
        guard position > 0 else { return }
        if position == bytes.count {
            bytes.removeAll(keepingCapacity: bytes.capacity <= 16 * FrameBuffer.readBytes)
        } else {
            bytes.removeFirst(position)
        }
        position = 0
    }
}
