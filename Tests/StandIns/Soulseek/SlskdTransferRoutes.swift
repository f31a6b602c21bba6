/// `/api/v0/transfers/downloads`, but for asking.
struct SlskdTransferRoutes {
    let now: Double

    func answer(_ path: [String], _ request: Request, _ state: inout SlskdState) throws(SlskdRefusal) -> Reply {
        let isWhole = request.query["includeRemoved"]?.lowercased() == "true"
        switch (request.method, path.count) {
        case ("GET", 0):
            let shown = state.transfers.filter { isWhole || !$0.isRemoved }
            let names = shown.map(\.username).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            return .json(.array(names.map { name in json(of: name, shown.filter { $0.username == name }) }))
        case ("DELETE", 2) where path == ["all", "completed"]:
            for index in state.transfers.indices where state.transfers[index].standing(at: now).isFinal {
                state.transfers[index].isRemoved = true
            }
            return Reply(status: 204)
        case ("GET", 1):
            let own = state.transfers.filter { $0.username == path[0] && !$0.isRemoved }
            guard !own.isEmpty else { throw SlskdRefusal(404) }
            return .json(json(of: path[0], own))
        case (_, 2...3): return try one(path, request, &state)
        default: throw SlskdRefusal(404)
        }
    }

    private func one(_ path: [String], _ request: Request, _ state: inout SlskdState) throws(SlskdRefusal) -> Reply {
        guard ListenSubmission.isUUID(path[1]) else { throw SlskdRefusal(400, "The id is no GUID") }
        let index = state.transfers.firstIndex { $0.username == path[0] && $0.id == path[1].lowercased() }
        guard let index, !state.transfers[index].isRemoved else { throw SlskdRefusal(404) }
        let transfer = state.transfers[index]
        switch (request.method, path.count) {
        case ("GET", 2): return .json(transfer.json(at: now))
        case ("GET", 3) where path[2] == "position": return .json(.int(transfer.standing(at: now).place ?? 0))
        case ("DELETE", 2):
            if !transfer.standing(at: now).isFinal { state.transfers[index].cancelledAt = now }
            if request.query["remove"]?.lowercased() == "true" { state.transfers[index].isRemoved = true }
            return Reply(status: 204)
        default: throw SlskdRefusal(404)
        }
    }

    /// A peer's downloads, by remote folder.
    private func json(of username: String, _ transfers: [SlskdTransfer]) -> JSON {
        let folders = transfers.map { SlskdText.directory(of: $0.filename) }
            .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let directories = folders.map { folder -> JSON in
            let own = transfers.filter { SlskdText.directory(of: $0.filename) == folder }
            return [
                "directory": .string(folder), "fileCount": .int(own.count),
                "files": .array(own.map { $0.json(at: now) }),
            ]
        }
        return ["username": .string(username), "directories": .array(directories)]
    }
}
