/// Loved and hated recordings.
enum ListenBrainzFeedback {
    private static let maxCount = 1_000

    static func read(_ json: JSON?, now: Int) throws(ListenBrainzError) -> ListenBrainzState.Feedback {
        guard let json, let members = json.members else { throw ListenBrainzError(400, "Cannot parse JSON document") }
        guard let score = json["score"]?.int else {
            throw ListenBrainzError(400, "JSON document must contain score top level key")
        }
        guard (-1...1).contains(score) else {
            throw ListenBrainzError(400, "Invalid JSON document submitted: score can only have a value of 1, 0 or -1.")
        }
        guard members.allSatisfy({ ["recording_mbid", "recording_msid", "score"].contains($0.name) }) else {
            throw ListenBrainzError(
                400, "JSON document must only contain recording_msid, recording_mbid and score top level keys")
        }
        for kind in ["recording_mbid", "recording_msid"] {
            guard let id = json[kind]?.string, !id.isEmpty else { continue }
            guard ListenSubmission.isUUID(id) else { throw ListenBrainzError(400, "\(kind) is not a valid UUID") }
            return ListenBrainzState.Feedback(kind: kind, id: id.lowercased(), score: score, created: now)
        }
        throw ListenBrainzError(400, "JSON document must contain either recording_msid or recording_mbid")
    }

    /// The newest first.
    static func list(
        _ kept: [ListenBrainzState.Feedback], of user: String, _ request: Request, catalogue: Catalogue
    ) throws(ListenBrainzError) -> Reply {
        let wanted = request.query.filled("score")
        if let wanted, !["1", "-1"].contains(wanted) {
            throw ListenBrainzError(400, "Score can have a value of 1 or -1.")
        }
        let all = kept.filter { wanted == nil || "\($0.score)" == wanted }.sorted { $0.created > $1.created }
        let count = min(max(request.query.int("count") ?? 25, 0), maxCount)
        let offset = max(request.query.int("offset") ?? 0, 0)
        let hasMetadata = request.query["metadata"]?.lowercased() == "true"
        let page = all.dropFirst(offset).prefix(count).map { item -> JSON in
            let recording = catalogue.recording(item.id)
            let metadata: JSON =
                hasMetadata
                ? recording.map {
                    ["track_name": .string($0.title), "artist_name": .string($0.artistText)]
                } ?? .null : .null
            return [
                "created": .int(item.created), "score": .int(item.score), "user_id": .string(user),
                "recording_mbid": item.kind == "recording_mbid" ? .string(item.id) : .null,
                "recording_msid": item.kind == "recording_msid" ? .string(item.id) : .null,
                "track_metadata": metadata,
            ]
        }
        return .json([
            "feedback": .array(Array(page)), "count": .int(page.count), "total_count": .int(all.count),
            "offset": .int(offset),
        ])
    }
}
