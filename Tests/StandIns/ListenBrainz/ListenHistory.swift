/// What a user listened to, as it is read back.
struct ListenHistory {
    let user: String
    let kept: [ListenBrainzState.Kept]
    let playing: ListenBrainzState.Playing?

    private static let standardCount = 25
    private static let maxCount = 1_000

    /// The newest first; `min_ts` and `max_ts` are not part of what they bound.
    func page(_ query: Parameters) throws(ListenBrainzError) -> Reply {
        let bounds = (query.int("min_ts"), query.int("max_ts"))
        if let low = bounds.0, let high = bounds.1, low >= high {
            throw ListenBrainzError(400, "min_ts should be less than max_ts")
        }
        for name in ["min_ts", "max_ts", "count"] where query[name] != nil && query.int(name) == nil {
            throw ListenBrainzError(400, "Invalid \(name) argument: \(query[name] ?? "")")
        }
        let sorted = kept.sorted { ($0.listen.listenedAt ?? 0) > ($1.listen.listenedAt ?? 0) }
        let inside = sorted.filter { item in
            let time = item.listen.listenedAt ?? 0
            return (bounds.0.map { time > $0 } ?? true) && (bounds.1.map { time < $0 } ?? true)
        }
        let count = min(max(query.int("count") ?? Self.standardCount, 0), Self.maxCount)
        // From the lower bound upwards when only that is given.
        let isFromBelow = bounds.0 != nil && bounds.1 == nil
        let page = isFromBelow ? Array(inside.suffix(count)) : Array(inside.prefix(count))
        return .json([
            "payload": [
                "user_id": .string(user), "count": .int(page.count), "listens": .array(page.map(json)),
                "latest_listen_ts": JSON(sorted.first?.listen.listenedAt),
                "oldest_listen_ts": JSON(sorted.last?.listen.listenedAt),
            ]
        ])
    }

    /// - Parameter seconds: since 1970.
    func now(_ seconds: Int) -> Reply {
        var listens: [JSON] = []
        if let playing, playing.until > seconds {
            listens = [["track_metadata": playing.listen.metadata, "playing_now": true]]
        }
        return .json([
            "payload": [
                "user_id": .string(user), "count": .int(listens.count), "listens": .array(listens), "playing_now": true,
            ]
        ])
    }

    private func json(_ item: ListenBrainzState.Kept) -> JSON {
        [
            "inserted_at": .int(item.inserted), "listened_at": JSON(item.listen.listenedAt),
            "recording_msid": .string(item.listen.messyID), "user_name": .string(user),
            "track_metadata": item.listen.metadata,
        ]
    }
}
