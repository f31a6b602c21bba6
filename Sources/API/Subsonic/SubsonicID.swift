/// What a client names things by. Ids of all kinds meet in one parameter, so that each says what it is of.
enum SubsonicID: Hashable, Sendable, CustomStringConvertible {
    case track(Int64), album(Int64), artist(Int64), playlist(Int64)
    /// A library root as a folder; as a music folder it is a bare number.
    case folder(Int64)
    /// A picture by its hash, so that another picture is another id.
    case cover(String)

    private static let hashDigits = 64

    init?(_ text: String) {
        let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            guard let id = Self.number(Substring(text)) else { return nil }
            self = .folder(id)
            return
        }
        if parts[0] == "co" {
            let hash = String(parts[1])
            guard hash.utf8.count == Self.hashDigits,
                hash.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
            else { return nil }
            self = .cover(hash)
            return
        }
        guard let id = Self.number(parts[1]) else { return nil }
        switch parts[0] {
        case "tr": self = .track(id)
        case "al": self = .album(id)
        case "ar": self = .artist(id)
        case "pl": self = .playlist(id)
        default: return nil
        }
    }

    var description: String {
        switch self {
        case .track(let id): "tr-\(id)"
        case .album(let id): "al-\(id)"
        case .artist(let id): "ar-\(id)"
        case .playlist(let id): "pl-\(id)"
        case .folder(let id): "\(id)"
        case .cover(let hash): "co-\(hash)"
        }
    }

    /// One text for one number: no sign, no zero before it.
    private static func number(_ text: Substring) -> Int64? {
        guard text.first != "0", text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let id = Int64(text) else {
            return nil
        }
        return id
    }
}
