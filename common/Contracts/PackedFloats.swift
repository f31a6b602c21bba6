import Foundation

/// 32-bit floats as base64 of their little-endian bytes: a quarter of the size of decimal text, and exact.
package struct PackedFloats: Hashable, Sendable {
    package var values: [Float]

    package init(_ values: [Float]) {
        self.values = values
    }

    package var littleEndianBytes: [UInt8] {
        values.flatMap { value in
            let bits = value.bitPattern
            return [
                UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8),
                UInt8(truncatingIfNeeded: bits >> 16), UInt8(truncatingIfNeeded: bits >> 24),
            ]
        }
    }

    /// Nil when the byte count is no multiple of four.
    package init?(littleEndianBytes bytes: some Collection<UInt8>) {
        guard bytes.count.isMultiple(of: 4) else { return nil }
        var values: [Float] = []
        values.reserveCapacity(bytes.count / 4)
        var bits: UInt32 = 0
        var shift: UInt32 = 0
        for byte in bytes {
            bits |= UInt32(byte) << shift
            shift += 8
            if shift == 32 {
                values.append(Float(bitPattern: bits))
                (bits, shift) = (0, 0)
            }
        }
        self.values = values
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
