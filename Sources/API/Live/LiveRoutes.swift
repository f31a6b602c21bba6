import Contracts
import HTTPTypes
import Hummingbird

/// `GET /v1/changes`: for pages and programs that show the queue and would rather be told than ask.
struct LiveRoutes: Sendable {
    let feed: ChangeFeed
    let slots: StreamSlots
    let pace: ScanEventStream.Pace

    var routes: [Route] {
        [
            Route(
                .get, "/v1/changes", "watchChanges", "Be told when anything changed, as server-sent events",
                access: .user,
                answers: [
                    .init(
                        status: .ok,
                        description:
                            "`changed` events with an empty object, two a second at most: what is shown may be old now. "
                            + "The stream ends after a quarter of an hour; a client comes again by itself.",
                        content: ["text/event-stream": Schema(["type": "string"])])
                ]
            ) { request in
                let stream = ChangeStream(feed: feed, pace: pace, client: request.client)
                let slot = try slots.require(for: request.token)
                let body = ResponseBody { writer in
                    try await stream.write(to: &writer)
                    try await writer.finish(nil)
                    withExtendedLifetime(slot) {}
                }
                return Response(status: .ok, headers: [.contentType: "text/event-stream"], body: body)
            }
        ]
    }
}
