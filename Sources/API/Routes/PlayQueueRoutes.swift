import Contracts
import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/v1/me/queue`: what the account plays, on whichever player.
struct PlayQueueRoutes: Sendable {
    let services: APIServices

    private static let tracks = BodyField(
        "track_ids", Scalar<[Int64]>.list(of: Scalar<Int64>.id, max: PlayQueue.maxEntries), isRequired: true,
        "In order; none clears the queue.")
    private static let currentIndex = BodyField(
        "current_index", .integer(0...PlayQueue.maxEntries - 1), "Of the track that plays; 0 when absent.")
    private static let positionMs = BodyField(
        "position_ms", .integer(0...Int(PlayQueue.maxPositionMs)), "Within that track; 0 when absent.")
    private static let client = BodyField("client", .text(1...PlayQueue.maxClientLength), "The player's name.")
    private static let version = BodyField(
        "version", Scalar<Int>.integer(0...Int.max),
        "Of the queue as the client knows it; 409 when it is another one by now. Without it the last who saves wins.")
    private static let nothing = PlayQueue(trackIDs: [], currentIndex: 0, positionMs: 0, changedAt: 0, changedBy: "")
    private static let problems: [HTTPResponse.Status] = [.conflict, .insufficientStorage]

    var routes: [Route] { [show, tracks, save, clear] }

    private var show: Route {
        .json(
            .get, "/v1/me/queue", "getPlayQueue", "Show one's play queue", access: .user, answer: .playQueue,
            "The queue that all players of the account share; without tracks when none was saved."
        ) { try await services.playQueues.playQueue(account: $0.account()) ?? Self.nothing }
    }

    private var tracks: Route {
        .json(
            .get, "/v1/me/queue/tracks", "listPlayQueueTracks", "List the tracks of one's play queue", access: .user,
            parameters: .paging, answer: Shape<ListedTrack>.listedTrack.page("ListedTrackPage"), "One page, in order."
        ) { request in
            let place = try PlacedPage(request.page())
            let queue = try await services.playQueues.playQueue(account: request.account()) ?? Self.nothing
            let entries = queue.trackIDs.enumerated().dropFirst(place.piece.offset).prefix(place.piece.limit)
            let page = place.page(entries.map { PlaylistEntry(position: $0.offset, trackID: $0.element) })
            return Page(items: try await services.listed(page.items, for: request), nextCursor: page.nextCursor)
        }
    }

    private var save: Route {
        .json(
            .put, "/v1/me/queue", "savePlayQueue", "Save one's play queue", access: .user,
            body: BodySpec(
                "NewPlayQueue",
                [
                    .init(Self.tracks), .init(Self.currentIndex), .init(Self.positionMs), .init(Self.client),
                    .init(Self.version),
                ]),
            answer: .playQueue, "The queue as it is now.", problems: Self.problems
        ) { request in
            let queue = NewPlayQueue(
                trackIDs: try request.body.require(Self.tracks),
                currentIndex: try request.body.optional(Self.currentIndex) ?? 0,
                positionMs: Int64(try request.body.optional(Self.positionMs) ?? 0),
                client: try request.body.optional(Self.client) ?? "",
                expected: try request.body.optional(Self.version).map { Int64($0) })
            guard queue.trackIDs.isEmpty || queue.trackIDs.indices.contains(queue.currentIndex) else {
                throw Problem.invalid("current_index must be below the number of track_ids")
            }
            let account = try request.account()
            return try await Problem.naming("track_ids") {
                try await services.playQueues.savePlayQueue(queue, account: account) ?? Self.nothing
            }
        }
    }

    private var clear: Route {
        Route(
            .delete, "/v1/me/queue", "clearPlayQueue", "Clear one's play queue", access: .user,
            answers: [.init(status: .noContent, description: "It is empty.", content: [:])], problems: Self.problems
        ) { request in
            try await services.playQueues.savePlayQueue(
                NewPlayQueue(trackIDs: [], client: ""), account: try request.account())
            return Response(status: .noContent)
        }
    }
}
