/// `/api/v0/events`: what happened, the newest first.
struct SlskdEvents {
    static let types: Set = [
        "DownloadFileComplete", "DownloadDirectoryComplete", "UploadFileComplete", "PrivateMessageReceived",
        "RoomMessageReceived", "SoulseekClientConnected", "SoulseekClientDisconnected", "Noop",
    ]
    private static let maxLimit = 1_000

    static func page(_ state: SlskdState, _ query: Parameters) throws(SlskdRefusal) -> Reply {
        for name in ["offset", "limit"] where query[name] != nil && query.int(name) == nil {
            throw SlskdRefusal(400, "\(name) is no number")
        }
        let (offset, limit) = (query.int("offset") ?? 0, query.int("limit") ?? 100)
        guard offset >= 0, (1...maxLimit).contains(limit) else { throw SlskdRefusal(400, "out of range") }
        let page = state.events.reversed().dropFirst(offset).prefix(limit).map { event -> JSON in
            [
                "timestamp": SlskdText.date(event.time), "type": .string(event.type),
                "data": .string(event.data.text), "id": .string(event.id),
            ]
        }
        return .json(.array(Array(page))).adding("X-Total-Count", "\(state.events.count)")
    }

    static func fileComplete(_ transfer: SlskdTransfer, at path: String, id: String, now: Double) -> SlskdState.Event {
        let data: JSON = [
            "type": "DownloadFileComplete", "version": 0, "localFilename": .string(path),
            "remoteFilename": .string(transfer.filename), "transfer": transfer.json(at: now), "id": .string(id),
            "timestamp": SlskdText.date(now),
        ]
        return SlskdState.Event(id: id, time: now, type: "DownloadFileComplete", data: data)
    }

    static func directoryComplete(
        _ transfer: SlskdTransfer, at folder: String, id: String, now: Double
    ) -> SlskdState.Event {
        let data: JSON = [
            "type": "DownloadDirectoryComplete", "version": 0, "localDirectoryName": .string(folder),
            "remoteDirectoryName": .string(SlskdText.directory(of: transfer.filename)),
            "username": .string(transfer.username), "id": .string(id), "timestamp": SlskdText.date(now),
        ]
        return SlskdState.Event(id: id, time: now, type: "DownloadDirectoryComplete", data: data)
    }
}
