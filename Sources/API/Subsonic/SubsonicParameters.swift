import Domain

/// The parameters of a call, of its address and of its form: each name may stand in it often.
struct SubsonicParameters: Sendable {
    private var values: [String: [String]] = [:]

    /// Bytes of an address; longer lists are sent as a form.
    static let maxTargetBytes = 64 * 1024
    /// Bytes of a form: as many ids as a playlist may hold.
    static let maxFormBytes = 4 * 1024 * 1024
    static let maxCount = 60_000

    init() {}

    /// Throws `SubsonicError`.
    init(_ text: Substring) throws(SubsonicError) {
        try add(text)
    }

    /// Those of some names that can be read, of a query that as a whole may not.
    init(named names: [String], readableIn query: Substring) {
        for pair in query.split(separator: "&").prefix(Self.maxCount) {
            guard let name = names.first(where: { pair.hasPrefix("\($0)=") }),
                let value = PercentCoding.decode(pair.dropFirst(name.count + 1), plusIsSpace: true)
            else { continue }
            values[name, default: []].append(value)
        }
    }

    /// `name=value&name=value`, percent-encoded.
    mutating func add(_ text: Substring) throws(SubsonicError) {
        let pairs = text.split(separator: "&")
        guard pairs.count + values.count <= Self.maxCount else {
            throw SubsonicError(.generic, "more than \(Self.maxCount) parameters")
        }
        for pair in pairs {
            let name = pair.prefix { $0 != "=" }
            guard let key = PercentCoding.decode(name, plusIsSpace: true),
                let value = PercentCoding.decode(pair.dropFirst(name.count + 1), plusIsSpace: true)
            else { throw SubsonicError(.generic, "the parameters are not percent-encoded UTF-8 without NUL") }
            values[key, default: []].append(value)
        }
    }

    func list(_ name: String) -> [String] { values[name] ?? [] }

    /// Nil when it is absent; a parameter without a value is there.
    func text(_ name: String) -> String? { values[name]?.first }

    /// Nil when it is absent or empty.
    func filled(_ name: String) -> String? {
        guard let text = text(name), !text.isEmpty else { return nil }
        return text
    }

    func require(_ name: String) throws(SubsonicError) -> String {
        guard let text = filled(name) else { throw .missing(name) }
        return text
    }

    /// Nil when it is absent or empty. More than the range has is as much as it has.
    func integer(_ name: String, from low: Int64 = 0, to high: Int64 = .max) throws(SubsonicError) -> Int64? {
        guard let text = filled(name) else { return nil }
        guard let value = Int64(text) ?? Self.clamped(text), value >= low else {
            throw .invalid(name, "an integer not below \(low)")
        }
        return min(value, high)
    }

    /// Of digits that are too many for a number.
    private static func clamped(_ text: String) -> Int64? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? .max : nil
    }

    /// A number of items that are wanted.
    func count(_ name: String, default usual: Int, max most: Int) throws(SubsonicError) -> Int {
        Int(try integer(name, to: Int64(most)) ?? Int64(usual))
    }

    func offset(_ name: String = "offset") throws(SubsonicError) -> Int {
        Int(clamping: try integer(name, to: Int64(Int32.max)) ?? 0)
    }

    func flag(_ name: String) throws(SubsonicError) -> Bool? {
        guard let text = filled(name) else { return nil }
        switch text.lowercased() {
        case "true", "1": return true
        case "false", "0": return false
        default: throw .invalid(name, "true or false")
        }
    }

    /// Throws `notFound` for what is no id.
    func id(_ name: String = "id") throws(SubsonicError) -> SubsonicID {
        let text = try require(name)
        guard let id = SubsonicID(text) else { throw .notFound }
        return id
    }

    func trackID(_ name: String = "id") throws(SubsonicError) -> Int64 {
        guard case .track(let id) = try id(name) else { throw .notFound }
        return id
    }

    func playlistID(_ name: String) throws(SubsonicError) -> Int64 {
        guard case .playlist(let id) = try id(name) else { throw .notFound }
        return id
    }

    func trackIDs(_ name: String) throws(SubsonicError) -> [Int64] {
        var ids: [Int64] = []
        for text in list(name) {
            guard case .track(let id)? = SubsonicID(text) else { throw .notFound }
            ids.append(id)
        }
        return ids
    }

    /// The library root that a list is narrowed to. Throws `notFound` for what is no number.
    func rootID() throws(SubsonicError) -> Int64? {
        guard let text = filled("musicFolderId") else { return nil }
        guard case .folder(let id)? = SubsonicID(text) else { throw .notFound }
        return id
    }
}
