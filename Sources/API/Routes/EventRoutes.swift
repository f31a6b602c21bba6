import Contracts
import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/v1/events`
struct EventRoutes: Sendable {
    let store: any AnnouncementStore
    private let feed: EventFeed
    private let slots: StreamSlots
    private let patience: Duration

    private static let after = Parameter(
        "Last-Event-ID", in: .header,
        .text(pattern: "^[0-9]{1,18}$", "the number of an event") { text in
            (1...18).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }, "The last event that was seen, as browsers send it: what came since is told first.")

    init(store: any AnnouncementStore, slots: StreamSlots, options: APIOptions) {
        self.store = store
        feed = EventFeed(store: store, pace: options.pace)
        self.slots = slots
        patience = options.eventPatience
    }

    var routes: [Route] {
        [
            Route(
                .get, "/v1/events", "listenToEvents", "Hear what happens as server-sent events", access: .user,
                parameters: [ParameterSpec(Self.after)],
                answers: [
                    .init(
                        status: .ok,
                        description: "One event for each of "
                            + AnnouncementTopic.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
                            + ", with a number as its id; the last kind for administrators only. Every stream ends "
                            + "after a quarter of an hour: come back with the number of the last event.",
                        content: ["text/event-stream": Schema(["type": "string"])])
                ]
            ) { request in try listen(request) }
        ]
    }

    private func listen(_ request: APIRequest) throws -> Response {
        let after = try request.optional(Self.after).flatMap { Int64($0) }
        let slot = try slots.require(for: request.token)
        let stream = EventStream(
            feed: feed, store: store, isAdmin: request.isAdmin, after: after, patience: patience,
            client: request.client)
        let body = ResponseBody { writer in
            try await stream.write(to: &writer)
            try await writer.finish(nil)
            withExtendedLifetime(slot) {}
        }
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
    }
}
