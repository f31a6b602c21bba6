import ArgumentParser
import Remote

/// `/srv/music=/mnt/nas/music` on the command line, byte for byte.
struct PathRule: ExpressibleByArgument, Hashable, Sendable {
    let rule: PathMap.Rule
    /// As it was given.
    let text: String

    init?(argument: String) {
        guard let rule = PathMap.Rule(PathArgument.rawBytes(of: argument)) else { return nil }
        self.rule = rule
        text = argument
    }
}

/// `500M` or `2G`.
struct ByteCount: ExpressibleByArgument, Hashable, Sendable, CustomStringConvertible {
    let bytes: Int64

    init(bytes: Int64) {
        self.bytes = bytes
    }

    init?(argument: String) {
        guard let last = argument.last?.uppercased() else { return nil }
        let unit = Self.units.first { $0.name == last }?.bytes
        let digits = unit == nil ? argument[...] : argument.dropLast()
        guard let number = Int64(digits), number > 0 else { return nil }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: unit ?? 1)
        guard !overflow else { return nil }
        self.bytes = bytes
    }

    private static let units: [(name: String, bytes: Int64)] = [
        ("T", 1 << 40), ("G", 1 << 30), ("M", 1 << 20), ("K", 1 << 10),
    ]

    var description: String {
        let unit = Self.units.first { bytes % $0.bytes == 0 }
        return unit.map { "\(bytes / $0.bytes)\($0.name)" } ?? "\(bytes)"
    }
}
