import Foundation

/// Time and randomness, which come from outside so that a test can hold the clock.
package struct Surroundings: Sendable {
    /// Seconds since 1970.
    package var now: @Sendable () -> Double
    /// This many random bytes, as hexadecimal digits.
    package var random: @Sendable (_ bytes: Int) -> String

    package init(now: @escaping @Sendable () -> Double, random: @escaping @Sendable (Int) -> String) {
        self.now = now
        self.random = random
    }

    package static let real = Surroundings(
        now: { Date().timeIntervalSince1970 },
        random: { count in
            (0..<count).map { _ in Digest.hex([UInt8.random(in: 0...255)]) }.joined()
        })

    /// Whole seconds since 1970.
    package var seconds: Int { Int(now()) }

    /// A random UUID of version 4.
    package func uuid() -> String { Digest.uuid(fromHex: random(16), version: "4") }
}
