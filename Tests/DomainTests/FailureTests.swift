import Domain
import Foundation
import Testing

@Suite struct FailureTests {
    @Test("Failures with one cause have one fingerprint, whatever the file and the numbers")
    func sameCause() {
        let first = Failure(.corruptFile, "\"/music/a.mp3\" ends after 120 bytes")
        let second = Failure(.corruptFile, "\"/other/b 7.flac\" ends after 98765 bytes")
        #expect(first.fingerprint == second.fingerprint)
    }

    @Test("Another reason or another sentence is another fingerprint")
    func otherCause() {
        let failures = [
            Failure(.corruptFile, "ends too early"), Failure(.ioError, "ends too early"),
            Failure(.corruptFile, "has no audio"), Failure(.corruptFile, ""),
        ]
        #expect(Set(failures.map(\.fingerprint)).count == failures.count)
    }

    @Test("A fingerprint is a number of 32 bits that does not change from run to run")
    func stable() {
        // FNV-1a over "io_error", a zero byte and "x".
        #expect(Failure(.ioError, "x").fingerprint == fnv(Array("io_error".utf8) + [0] + Array("x".utf8)))
        #expect(
            (0...Int(UInt32.max)).contains(Failure(.crashLoop, String(repeating: "long ", count: 1000)).fingerprint))
    }

    private func fnv(_ bytes: [UInt8]) -> Int {
        Int(bytes.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 })
    }

    @Test(
        "A message with a lone quote, control characters or nothing still has a fingerprint",
        arguments: ["\"", "\0\n", ""])
    func oddMessages(message: String) {
        #expect(Failure(.ioError, message).fingerprint != 0)
    }

    @Test("Reasons have stable names, for metrics and for the database")
    func names() {
        let names = Failure.Reason.allCases.map(\.rawValue)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.allSatisfy { $0 == "_" || ($0.isASCII && $0.isLowercase) } })
    }

    @Test("A failure survives JSON")
    func roundTrip() throws {
        let failure = Failure(.ioError, "\"ü\" is busy", retryAfterSeconds: 2.5)
        #expect(try JSONDecoder().decode(Failure.self, from: JSONEncoder().encode(failure)) == failure)
    }
}
