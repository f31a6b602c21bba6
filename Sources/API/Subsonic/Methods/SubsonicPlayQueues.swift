import Domain
import UseCases

/// What the account plays and where it is, so that another player goes on there.
struct SubsonicPlayQueues: Sendable {
    let services: APIServices
    let shelf: SubsonicShelf

    var methods: [SubsonicMethod] {
        [
            SubsonicMethod("getPlayQueue") { call in
                try await show(call, "playQueue") { id, _, node in node.set("current", SubsonicID.track(id).description)
                }
            },
            SubsonicMethod("getPlayQueueByIndex") { call in
                try await show(call, "playQueueByIndex") { _, index, node in node.set("currentIndex", index) }
            },
            SubsonicMethod("savePlayQueue") { call in
                let ids = try call.parameters.trackIDs("id")
                return try await save(ids, at: try index(of: call.parameters, ids), call)
            },
            SubsonicMethod("savePlayQueueByIndex") { call in
                let ids = try call.parameters.trackIDs("id")
                guard !ids.isEmpty else { return try await save([], at: 0, call) }
                let text = try call.parameters.require("currentIndex")
                guard let index = Int(text), ids.indices.contains(index) else {
                    throw SubsonicError(.missingParameter, "currentIndex must be an integer from 0 to \(ids.count - 1)")
                }
                return try await save(ids, at: index, call)
            },
        ]
    }

    /// Of the track that `current` names; the first where it names none.
    private func index(of parameters: SubsonicParameters, _ ids: [Int64]) throws(SubsonicError) -> Int {
        guard !ids.isEmpty, parameters.filled("current") != nil else { return 0 }
        guard let index = ids.firstIndex(of: try parameters.trackID("current")) else {
            throw .invalid("current", "one of the ids")
        }
        return index
    }

    private func save(_ ids: [Int64], at index: Int, _ call: SubsonicCall) async throws -> SubsonicMethod.Answer {
        let position = try call.parameters.integer("position", to: PlayQueue.maxPositionMs) ?? 0
        try await services.playQueues.savePlayQueue(
            NewPlayQueue(
                trackIDs: ids, currentIndex: index, positionMs: ids.isEmpty ? 0 : position,
                client: String((call.client ?? "").prefix(PlayQueue.maxClientLength))),
            account: call.account().id)
        return .nothing
    }

    /// Nothing where none was saved. What is missing now is left out; where that is the current song, the next one that is
    /// there takes its place.
    private func show(
        _ call: SubsonicCall, _ name: String, _ setCurrent: (Int64, Int, inout SubsonicNode) -> Void
    ) async throws -> SubsonicMethod.Answer {
        let caller = try call.account()
        guard let queue = try await services.playQueues.playQueue(account: caller.id) else { return .nothing }
        let entries = try await shelf.entries(queue.trackIDs, for: caller)
        var node = SubsonicNode()
        let current = entries.firstIndex { $0.place >= queue.currentIndex } ?? entries.indices.last
        if let current { setCurrent(queue.trackIDs[entries[current].place], current, &node) }
        let isThere = current.map { entries[$0].place == queue.currentIndex } ?? false
        node.set("position", isThere ? queue.positionMs : 0)
        node.set("username", caller.account.name)
        node.set("changed", time: queue.changedAt)
        node.set("changedBy", queue.changedBy)
        node.add("entry", .children(entries.map(\.node)))
        return .node(name, node)
    }
}
