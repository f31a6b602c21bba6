import Foundation

/// 32-bit floats as base64 of their little-endian bytes: a quarter of the size of decimal text, and exact.
package struct PackedFloats: Hashable, Sendable {
    package var values: [Float]

    package init(_ values: [Float]) {
        self.values = values
    }

    package var littleEndianBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(values.count * 4)
        for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
        return bytes
    }

    /// Nil when the byte count is no multiple of four.
    package init?(littleEndianBytes bytes: some Collection<UInt8>) {
        guard bytes.count.isMultiple(of: 4) else { return nil }
        values = Array(bytes).withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: 4).map { offset in
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            }
        }
    }
}

extension PackedFloats: Codable {
    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let data = Data(base64Encoded: text), let packed = PackedFloats(littleEndianBytes: data) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "base64 of 32-bit floats expected"))
        }
        self = packed
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Data(littleEndianBytes).base64EncodedString())
    }
}
