import Contracts
import Testing

@Suite struct PackedFloatsTests {
    @Test("Every float survives, bit for bit")
    func roundTrip() throws {
        let values: [Float] = [
            0, -0.0, 1, -1.5, .pi, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .infinity, .nan,
        ]
        let text = ContractJSON.encode(PackedFloats(values))
        let back = try ContractJSON.decode(PackedFloats.self, from: text)
        #expect(back.values.map(\.bitPattern) == values.map(\.bitPattern))
    }

    @Test("The bytes are little-endian")
    func order() {
        #expect(PackedFloats([1]).littleEndianBytes == [0, 0, 0x80, 0x3F])
        #expect(PackedFloats(littleEndianBytes: [0, 0, 0x80, 0x3F])?.values == [1])
    }

    @Test("Bytes that are no whole floats are refused", arguments: [1, 2, 3, 5, 7])
    func incomplete(count: Int) {
        #expect(PackedFloats(littleEndianBytes: [UInt8](repeating: 0, count: count)) == nil)
    }
}
