import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/v1/webhooks`: who is told of what happens. Addresses and keys are never answered.
struct WebhookRoutes: Sendable {
    let desk: WebhookDesk

    static let maxURLLength = 2000

    private static let url = BodyField(
        "url", .text(1...maxURLLength), isRequired: true, "Where to send: https, or a server that the settings name.")
    private static let events = BodyField(
        "events", .list(of: Scalar<AnnouncementTopic>.choice, max: AnnouncementTopic.allCases.count),
        "What to tell of; everything when absent.")
    private static let problems: [HTTPResponse.Status] = [.conflict, .unprocessableContent, .insufficientStorage]

    var routes: [Route] { [list, add, remove, test] }

    private var list: Route {
        .json(
            .get, "/v1/webhooks", "listWebhooks", "List the webhooks", access: .admin,
            answer: Shape<Webhook>.webhook.page("WebhookPage"), "All of them, the oldest first."
        ) { _ in .whole(try await desk.all()) }
    }

    private var add: Route {
        .json(
            .post, "/v1/webhooks", "addWebhook", "Add a webhook", access: .admin,
            body: BodySpec("NewWebhook", [.init(Self.url), .init(Self.events)]),
            status: .created, answer: .madeWebhook, "The webhook and, this once, the key that signs its messages.",
            problems: Self.problems
        ) { request in
            let topics = try request.body.optional(Self.events).map { Set($0) } ?? Set(AnnouncementTopic.allCases)
            do {
                return try await desk.add(
                    url: try request.body.require(Self.url), topics: topics, account: request.account())
            } catch let refused as WebhookDesk.Refused {
                throw Problem.invalid(refused.description)
            }
        }
    }

    private var remove: Route {
        Route(
            .delete, "/v1/webhooks/{id}", "removeWebhook", "Remove a webhook", access: .admin,
            parameters: [ParameterSpec(.id)],
            answers: [.init(status: .noContent, description: "It is told nothing any more.", content: [:])],
            problems: [.conflict, .insufficientStorage]
        ) { request in
            try await desk.remove(try request.require(.id))
            return Response(status: .noContent)
        }
    }

    private var test: Route {
        .json(
            .post, "/v1/webhooks/{id}/test", "testWebhook",
            "Send a webhook a message of the type test at once", access: .admin, parameters: [ParameterSpec(.id)],
            answer: .webhookTest, "What came of it. A disabled webhook that took it is told again from now on.",
            problems: [.conflict, .insufficientStorage]
        ) { request in
            try await desk.test(try request.require(.id))
        }.waiting()
    }
}
