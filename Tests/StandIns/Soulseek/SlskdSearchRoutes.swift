/// `/api/v0/searches`.
struct SlskdSearchRoutes {
    let now: Double
    let timeScale: Double

    private static let leastTimeout = 5

    /// What is asked for, or why not.
    func begin(_ request: Request, _ state: inout SlskdState, id fresh: String) throws(SlskdRefusal) -> SlskdSearch {
        guard let json = request.json, let text = json["searchText"]?.string,
            text.contains(where: { !$0.isWhitespace })
        else { throw SlskdRefusal(400, "SearchText may not be null or empty") }
        guard state.isConnected else {
            throw SlskdRefusal(409, "The server connection must be connected and logged in to perform a search")
        }
        let id = json["id"]?.string ?? fresh
        guard ListenSubmission.isUUID(id) else { throw SlskdRefusal(400, "The id is no GUID") }
        guard !state.searches.contains(where: { $0.id == id.lowercased() }) else {
            throw SlskdRefusal(400, "An active search with token \(state.lastToken) is already in progress")
        }
        var limits = SlskdSearch.Limits()
        if let timeout = json["searchTimeout"]?.int {
            guard timeout >= Self.leastTimeout else { throw SlskdRefusal(400, "SearchTimeout is at least 5") }
            // Unconverted: what looks like seconds is taken as milliseconds.
            limits.timeout = Double(timeout) / 1000
        }
        limits.responses = json["responseLimit"]?.int ?? limits.responses
        limits.files = json["fileLimit"]?.int ?? limits.files
        guard limits.responses >= 1, limits.files >= 1 else { throw SlskdRefusal(400, "Limits are at least 1") }
        var filter = SlskdFinder.Filter()
        filter.isOn = json["filterResponses"]?.bool ?? true
        filter.leastFiles = json["minimumResponseFileCount"]?.int ?? 1
        filter.maxQueue = json["maximumPeerQueueLength"]?.int ?? .max
        filter.leastSpeed = json["minimumPeerUploadSpeed"]?.int ?? 0
        state.lastToken += 1
        let search = SlskdSearch(
            id: id.lowercased(), text: text, token: state.lastToken, limits: limits, filter: filter,
            timeScale: timeScale, startedAt: now)
        state.add(search)
        return search
    }

    /// Everything but beginning.
    func answer(_ path: [String], _ request: Request, _ state: inout SlskdState) throws(SlskdRefusal) -> Reply {
        guard let id = path.first?.lowercased() else {
            return .json(.array(state.searches.map { $0.json(at: now, withResponses: false) }))
        }
        guard let index = state.searches.firstIndex(where: { $0.id == id }) else { throw SlskdRefusal(404) }
        let search = state.searches[index]
        switch (request.method, path.dropFirst().first) {
        case ("GET", nil):
            let isWhole = request.query["includeResponses"]?.lowercased() == "true"
            return .json(search.json(at: now, withResponses: isWhole))
        case ("GET", "responses"): return .json(.array(search.responses(at: now)))
        case ("PUT", nil):
            guard !search.standing(at: now).isComplete else { throw SlskdRefusal(404) }
            state.searches[index].cancelledAt = now
            return Reply(status: 200)
        case ("DELETE", nil):
            state.searches.remove(at: index)
            return Reply(status: 204)
        default: throw SlskdRefusal(404)
        }
    }
}
