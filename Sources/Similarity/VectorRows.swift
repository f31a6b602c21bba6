import CSimilarity

/// Memory for one block of vectors, in columns: codes, lower bits, steps, ids. Pages that nothing was written to cost nothing.
///
/// Sendable, though unchecked: only a `VectorBlock` writes, and only while it holds the one reference there is, so nobody
/// reads what is being written.
final class VectorRows: @unchecked Sendable {
    /// Rows of a block.
    static let capacity = 4096
    private static let cacheLine = 64

    let stride: Int
    /// Lower bits of a component, and the bytes that they take in a row.
    let fineBits: Int32
    let fineStride: Int
    /// The upper 8 bits of each component.
    let codes: UnsafeMutablePointer<Int8>
    /// The lower bits of each component.
    let fine: UnsafeMutablePointer<UInt8>
    /// Value of a step of the codes; not a number: the row is free.
    let steps: UnsafeMutablePointer<Float>
    let ids: UnsafeMutablePointer<Int64>
    private let memory: UnsafeMutableRawPointer

    /// - Parameter stride: A multiple of `VectorRows.unit`.
    init(stride: Int) {
        self.stride = stride
        fineBits = Self.fineBits(stride: stride)
        fineStride = stride / 8 * Int(fineBits)
        memory = .allocate(byteCount: Self.capacity * Self.rowBytes(stride: stride), alignment: Self.cacheLine)
        codes = memory.bindMemory(to: Int8.self, capacity: Self.capacity * stride)
        let afterCodes = memory + Self.capacity * stride
        fine = afterCodes.bindMemory(to: UInt8.self, capacity: Self.capacity * fineStride)
        let afterFine = afterCodes + Self.capacity * fineStride
        steps = afterFine.bindMemory(to: Float.self, capacity: Self.capacity)
        ids = (afterFine + Self.capacity * MemoryLayout<Float>.size)
            .bindMemory(to: Int64.self, capacity: Self.capacity)
    }

    static func rowBytes(stride: Int) -> Int {
        let fineStride = stride / 8 * Int(fineBits(stride: stride))
        return stride + fineStride + MemoryLayout<Float>.size + MemoryLayout<Int64>.size
    }

    deinit {
        memory.deallocate()
    }

    /// A copy of the first rows.
    func copy(_ count: Int) -> VectorRows {
        let copy = VectorRows(stride: stride)
        copy.codes.update(from: codes, count: count * stride)
        copy.fine.update(from: fine, count: count * fineStride)
        copy.steps.update(from: steps, count: count)
        copy.ids.update(from: ids, count: count)
        return copy
    }

    /// Rows are padded with zeros to a multiple of this.
    static let unit = Int(SILLON_ROW_UNIT)

    /// Short vectors have room for all 16 bits: a million rows of up to 128 components stay in 240 MB.
    static func fineBits(stride: Int) -> Int32 { stride <= 96 ? 8 : 5 }
}
