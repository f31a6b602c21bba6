import Contracts
import Domain
import UseCases

/// Results cut into requests that the server takes: bounded in number, and in bytes by their pictures.
struct ResultBatches: Sequence, IteratorProtocol {
    static let countMax = 500
    /// Bytes of pictures in one request, unless a single one is larger. In base64 a third more.
    static let pictureBytesMax = 8 << 20

    private var rest: ArraySlice<Settlement>

    init(_ settlements: [Settlement]) {
        rest = settlements[...]
    }

    mutating func next() -> [Settlement]? {
        guard !rest.isEmpty else { return nil }
        var (count, bytes) = (0, 0)
        for settlement in rest.prefix(Self.countMax) {
            bytes += Self.pictureBytes(settlement)
            if count > 0, bytes > Self.pictureBytesMax { break }
            count += 1
        }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    private static func pictureBytes(_ settlement: Settlement) -> Int {
        guard case .completed(.indexComplete(let outcome)) = settlement.result else { return 0 }
        return outcome.cover?.data.count ?? 0
    }
}
