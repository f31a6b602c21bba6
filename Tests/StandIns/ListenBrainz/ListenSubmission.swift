/// What is sent to `submit-listens`, checked as the server checks it.
package struct ListenSubmission: Sendable {
    package enum Kind: String, Sendable {
        case single
        case playingNow = "playing_now"
        case `import`
    }

    package let kind: Kind
    package let listens: [Listen]

    package static let maxListens = 1_000
    /// Bytes of one listen, on average over a request.
    package static let maxListenBytes = 10_240
    package static let maxRequestBytes = 10_240_000
    /// 2002-10-01, when the first scrobble was sent.
    package static let earliest = 1_033_410_600
    /// Seconds that a listen may lie in the future.
    package static let maxAhead = 3_600
    private static let maxTags = 50
    private static let maxTagCharacters = 64
    private static let maxDurationSeconds = 24 * 86_400

    /// - Parameter now: seconds since 1970.
    init(_ body: [UInt8], now: Int) throws(ListenBrainzError) {
        guard body.count <= Self.maxRequestBytes else {
            throw Self.problem("Payload too large. Payload has to be smaller than \(Self.maxRequestBytes) bytes.")
        }
        let json: JSON
        do {
            json = try JSON(parsing: body)
        } catch {
            throw Self.problem("Cannot parse JSON document: \(error)")
        }
        guard let name = json["listen_type"]?.string, let kind = Kind(rawValue: name) else {
            throw Self.problem("JSON document requires a valid listen_type key.")
        }
        guard let payload = json["payload"]?.array, !payload.isEmpty else {
            throw Self.problem("JSON document does not contain any listens")
        }
        try Self.checkSize(kind, payload, bytes: body.count)
        self.kind = kind
        var listens: [Listen] = []
        for item in payload { listens.append(try Self.listen(item, kind, now: now)) }
        self.listens = listens
    }

    private static func checkSize(_ kind: Kind, _ payload: [JSON], bytes: Int) throws(ListenBrainzError) {
        guard payload.count <= maxListens else {
            throw problem("Too many listens. You may not submit more than \(maxListens) listens at once.")
        }
        guard kind == .import || payload.count == 1 else {
            throw problem("JSON document contains more than listen for a \(kind.rawValue). It should contain only one.")
        }
        guard bytes <= payload.count * maxListenBytes else {
            throw problem("JSON document is too large. In aggregate, listens may not be larger than 10240 characters.")
        }
    }

    private static func listen(_ item: JSON, _ kind: Kind, now: Int) throws(ListenBrainzError) -> Listen {
        guard let members = item.members else { throw problem("A listen is no object.") }
        guard members.allSatisfy({ ["listened_at", "track_metadata"].contains($0.name) }) else {
            throw problem("JSON document may only contain listened_at and track_metadata top level keys.")
        }
        let listenedAt = try listenedAt(item, kind, now: now)
        guard let metadata = item["track_metadata"], metadata.members != nil else {
            throw problem("JSON document must contain the key track_metadata.")
        }
        guard !metadata.texts.contains(where: { $0.unicodeScalars.contains("\0") }) else {
            throw problem("\(item.text) contains a unicode null")
        }
        let artist = try name("artist_name", metadata)
        let track = try name("track_name", metadata)
        if let release = metadata["release_name"], release != .null, release.string == nil {
            throw problem("JSON document contains a release_name that is not a string.")
        }
        let info = try checkedInfo(metadata["additional_info"])
        let kept = (metadata.members ?? []).filter { $0.name != "additional_info" }
        return Listen(
            listenedAt: listenedAt, artist: artist, track: track,
            metadata: .object(kept + [JSON.Member(name: "additional_info", value: info)]))
    }

    private static func listenedAt(_ item: JSON, _ kind: Kind, now: Int) throws(ListenBrainzError) -> Int? {
        guard kind != .playingNow else {
            guard item["listened_at"] == nil else {
                throw problem("JSON document must not contain listened_at while submitting playing_now.")
            }
            return nil
        }
        guard let value = item["listened_at"] else {
            throw problem("JSON document must contain the key listened_at at the top level.")
        }
        guard let seconds = value.int else {
            throw problem("JSON document must contain an int value for listened_at.")
        }
        guard seconds >= earliest else {
            throw problem(
                "Value for key listened_at is too low. listened_at timestamp should be greater than 1033410600 (2002-10-01 00:00:00 UTC)."
            )
        }
        guard seconds < now + maxAhead else {
            throw problem("Value for key listened_at is too high.")
        }
        return seconds
    }

    private static func name(_ key: String, _ metadata: JSON) throws(ListenBrainzError) -> String {
        guard let value = metadata[key]?.string else {
            throw problem("JSON document does not contain required track_metadata.\(key).")
        }
        guard value.contains(where: { !$0.isWhitespace }) else {
            throw problem("required field track_metadata.\(key) is empty.")
        }
        return value
    }

    /// Without ids that are empty.
    private static func checkedInfo(_ info: JSON?) throws(ListenBrainzError) -> JSON {
        guard let info, info != .null else { return [:] }
        guard let members = info.members else { throw problem("additional_info is no object.") }
        if info["duration"] != nil, info["duration_ms"] != nil {
            throw problem("JSON document should not contain both duration and duration_ms.")
        }
        try checkDuration(info["duration"], limit: maxDurationSeconds, "duration")
        try checkDuration(info["duration_ms"], limit: maxDurationSeconds * 1000, "duration_ms")
        try checkTags(info["tags"])
        var kept: [JSON.Member] = []
        for member in members {
            if let value = try checkedID(member) { kept.append(JSON.Member(name: member.name, value: value)) }
        }
        return .object(kept)
    }

    private static func checkDuration(_ value: JSON?, limit: Int, _ name: String) throws(ListenBrainzError) {
        guard let value, value != .null else { return }
        let seconds = value.double ?? value.string.flatMap { Double($0) }
        guard let seconds, seconds >= 0, seconds <= Double(limit) else {
            throw problem("Value for \(name) is invalid. It should be a positive number, and at most 24 days.")
        }
    }

    private static func checkTags(_ value: JSON?) throws(ListenBrainzError) {
        guard let value, value != .null else { return }
        guard let tags = value.array, tags.count <= maxTags else {
            throw problem("JSON document may contain only \(maxTags) tags in track_metadata.additional_info.tags.")
        }
        guard tags.allSatisfy({ ($0.string?.count ?? maxTagCharacters + 1) <= maxTagCharacters }) else {
            throw problem(
                "JSON document may not contain track_metadata.additional_info.tags longer than 64 characters.")
        }
    }

    private static let singleIDs: Set = ["recording_mbid", "release_mbid", "release_group_mbid", "track_mbid"]
    private static let idLists: Set = ["artist_mbids", "work_mbids"]

    /// The value of a member, checked when it is an id; nil for an id that is empty.
    private static func checkedID(_ member: JSON.Member) throws(ListenBrainzError) -> JSON? {
        if singleIDs.contains(member.name) {
            guard member.value != "", member.value != .null else { return nil }
            guard isUUID(member.value) else { throw badID(member) }
        } else if idLists.contains(member.name) {
            guard let ids = member.value.array else { throw badID(member) }
            let filled = ids.filter { $0 != "" && $0 != .null }
            guard filled.allSatisfy(isUUID) else { throw badID(member) }
            return filled.isEmpty ? nil : .array(filled)
        }
        return member.value
    }

    private static func badID(_ member: JSON.Member) -> ListenBrainzError {
        problem("\(member.name) MBID format invalid.")
    }

    static func isUUID(_ value: JSON) -> Bool { value.string.map(isUUID) ?? false }

    static func isUUID(_ text: String) -> Bool {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        return groups.map(\.count) == [8, 4, 4, 4, 12] && groups.joined().allSatisfy(\.isHexDigit)
    }

    private static func problem(_ message: String) -> ListenBrainzError { ListenBrainzError(400, message) }
}
