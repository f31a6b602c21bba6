import Domain
import Foundation
import TestSupport
import Testing

@testable import Audio

/// Broken files end in a result or a reason; a trap would end this process.
@Suite struct HostileSpliceTests {
    private static let formats = ["mp3", "m4a", "wav", "aiff", "flac", "ogg", "opus", "wv", "tta"]
    private static let rounds = 400

    private func sample(_ lab: SpliceLab, _ format: String) throws -> [UInt8] {
        let name = "a." + format
        try lab.lab.tone(name, ["-metadata", "title=Title"] + (format == "m4a" ? ["-movflags", "+faststart"] : []))
        try lab.open(name) { try SpliceLab.texts.write($0, $1) }
        return try lab.lab.read(name)
    }

    private func meet(_ lab: SpliceLab, _ name: String) throws {
        do {
            let before = try lab.parts(name)
            // Into Ogg TagLib writes, which meets broken files in a process of its own.
            if ["ogg", "opus"].contains(where: name.hasSuffix) { return }
            try lab.open(name) { try SpliceLab.texts.write($0, $1) }
            // What was written can be read again, and is all there.
            #expect(FilePart.damage(from: before, to: try lab.parts(name)) == nil)
        } catch let failure as Failure {
            #expect(!failure.message.isEmpty)
        }
    }

    @Test("Numbers that lie anywhere in a file are a reason at most", arguments: formats)
    func lies(format: String) throws {
        let lab = try SpliceLab()
        let bytes = try sample(lab, format)
        var random = SystemRandomNumberGenerator()
        for _ in 0..<Self.rounds {
            var broken = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                // Tags lie at both ends.
                let reach = min(bytes.count, 2048)
                let place = Int.random(in: 0..<reach, using: &random)
                let index = Bool.random(using: &random) ? place : bytes.count - 1 - place
                broken[index] =
                    [0, 1, 0x7F, 0x80, 0xFF, .random(in: 0...255, using: &random)].randomElement(using: &random) ?? 0
            }
            try lab.lab.write("b." + format, broken)
            try meet(lab, "b." + format)
        }
    }

    @Test("A file that is cut anywhere is a reason at most", arguments: formats)
    func cut(format: String) throws {
        let lab = try SpliceLab()
        let bytes = try sample(lab, format)
        for count in Array(0..<min(300, bytes.count)) + stride(from: 300, to: bytes.count, by: 997) {
            try lab.lab.write("b." + format, Array(bytes.prefix(count)))
            try meet(lab, "b." + format)
        }
    }
}
