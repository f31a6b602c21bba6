import Foundation

/// Files that make TagLib 1.13 hang, crash or swell. Each is built from the format's rules.
package enum HostileFiles {
    /// A WavPack block whose size wraps the reader's 32-bit offset round to where it was: TagLib goes on for ever.
    package static let wavPackLoop: [UInt8] =
        Array("wvpk".utf8) + [0xF8, 0xFF, 0xFF, 0xFF] + [0x10, 0x04, 0, 0] + [1, 0, 0, 0]
        + [UInt8](repeating: 0, count: 16)

    /// An ID3v2.4 tag of chapter frames, each in the one before: TagLib's parser recurses once for each.
    package static func nestedChapters(depth: Int) -> [UInt8] {
        let levelBytes = 28
        var frames: [UInt8] = []
        for level in 0..<depth {
            frames += Array("CHAP".utf8) + synchsafe((depth - level) * levelBytes - 10) + [0, 0]
            frames += Array("a".utf8) + [0] + [UInt8](repeating: 0, count: 16)
        }
        return id3v24(frames)
    }

    /// An MP4 file of container atoms, each in the one before.
    package static func nestedAtoms(depth: Int) -> [UInt8] {
        var bytes = bigEndian(UInt32(20)) + Array("ftypM4A ".utf8) + [0, 0, 0, 0] + Array("M4A ".utf8)
        for level in 0..<depth {
            bytes += bigEndian(UInt32((depth - level) * 8)) + Array((level == 0 ? "moov" : "udta").utf8)
        }
        return bytes
    }

    /// An ID3v2.4 title that is a few kilobytes compressed and `expandedBytes` when TagLib has inflated it.
    package static func compressedTitle(expandedMiB: Int) throws -> [UInt8] {
        let script = """
            import sys, zlib
            packer = zlib.compressobj(9)
            data = packer.compress(b"\\x03")
            for _ in range(\(expandedMiB)): data += packer.compress(b"a" * (1 << 20))
            data += packer.flush()
            sys.stdout.write(data.hex())
            """
        let hex = try Tool.run("/usr/bin/python3", ["-c", script])
        let digits = Array(hex.utf8)
        var packed: [UInt8] = []
        packed.reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            packed.append(UInt8(String(decoding: digits[index...(index + 1)], as: UTF8.self), radix: 16) ?? 0)
        }
        let body = synchsafe(expandedMiB << 20) + packed
        return id3v24(Array("TIT2".utf8) + synchsafe(body.count) + [0x00, 0x09] + body)
    }

    package static func id3v24(_ frames: [UInt8]) -> [UInt8] {
        Array("ID3".utf8) + [4, 0, 0] + synchsafe(frames.count) + frames
    }

    /// A Xing header that claims four thousand million frames.
    package static func lyingXing(_ mp3: [UInt8]) -> [UInt8] {
        var bytes = mp3
        for marker in ["Xing", "Info"] {
            guard let range = Data(bytes).range(of: Data(marker.utf8)) else { continue }
            for offset in 8..<16 { bytes[range.lowerBound + offset] = 0xFF }
        }
        return bytes
    }

    /// A DSF file of two channels of silence; 86 blocks are a second.
    package static func dsf(blocks: Int) -> [UInt8] {
        let audio = [UInt8](repeating: 0x69, count: blocks * 2 * 4096)
        let size = 28 + 52 + 12 + audio.count
        var bytes = Array("DSD ".utf8) + little(28, 8) + little(size, 8) + little(0, 8)
        bytes += Array("fmt ".utf8) + little(52, 8) + little(1, 4) + little(0, 4) + little(2, 4) + little(2, 4)
        bytes += little(2_822_400, 4) + little(1, 4) + little(blocks * 4096 * 8, 8) + little(4096, 4) + little(0, 4)
        return bytes + Array("data".utf8) + little(12 + audio.count, 8) + audio
    }

    private static func little(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    private static func synchsafe(_ number: Int) -> [UInt8] {
        [21, 14, 7, 0].map { UInt8(truncatingIfNeeded: number >> $0) & 0x7F }
    }

    private static func bigEndian(_ number: UInt32) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian, Array.init)
    }
}
