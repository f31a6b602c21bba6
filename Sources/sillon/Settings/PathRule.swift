import ArgumentParser
import Remote

/// `/srv/music=/mnt/nas/music` on the command line, byte for byte.
struct PathRule: ExpressibleByArgument, Hashable, Sendable {
    let rule: PathMap.Rule

    init?(argument: String) {
        guard let rule = PathMap.Rule(PathArgument.rawBytes(of: argument)) else { return nil }
        self.rule = rule
    }
}

/// `500M` or `2G` on the command line.
struct ByteCount: ExpressibleByArgument, Hashable, Sendable {
    let bytes: Int64

    init(bytes: Int64) {
        self.bytes = bytes
    }

    init?(argument: String) {
        let units: [Character: Int64] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
        guard let last = argument.last else { return nil }
        let unit = units[Character(last.uppercased())]
        let digits = unit == nil ? argument[...] : argument.dropLast()
        guard let number = Int64(digits), number > 0 else { return nil }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: unit ?? 1)
        guard !overflow else { return nil }
        self.bytes = bytes
    }

    var defaultValueDescription: String { "\(bytes >> 30)G" }
}
