import Foundation

/// Vectors one after the other in a file: 32-bit floats, little-endian, as numpy's `tofile` writes them.
struct FloatFile: Sendable {
    let count: Int
    private let dimension: Int
    private let handle: FileHandle

    init(path: String, dimension: Int) throws {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw CommandError.failed("\(path) cannot be read")
        }
        let size = Int(clamping: try handle.seekToEnd())
        let row = dimension * MemoryLayout<Float>.size
        guard size > 0, size.isMultiple(of: row) else {
            throw CommandError.failed("\(path) has \(size) bytes, which is no number of vectors of \(dimension) floats")
        }
        (count, self.dimension, self.handle) = (size / row, dimension, handle)
    }

    /// NaN where the file cannot be read any more: the index then refuses the vector.
    subscript(_ number: Int) -> [Float] {
        let row = dimension * MemoryLayout<Float>.size
        return [Float](unsafeUninitializedCapacity: dimension) { buffer, filled in
            filled = dimension
            let read = pread(handle.fileDescriptor, buffer.baseAddress, row, off_t(number * row))
            if read != row { buffer.update(repeating: .nan) }
        }
    }
}
