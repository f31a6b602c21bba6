import Domain
import HTTPTypes
import Hummingbird
import UseCases

/// `/settings/webhooks`: who is told of what happens, for administrators.
struct WebhookPages: Sendable {
    let desk: WebhookDesk
    let tasks: any TaskStore

    /// Messages on their way that are looked through for troubles.
    private static let maxLate = 100
    static let path: LocalPath = "/settings/webhooks"

    private static let url = BodyField(
        "url", .text(0...WebhookRoutes.maxURLLength), "Where to send.")
    private static func topic(_ topic: AnnouncementTopic) -> BodyField<String> {
        BodyField(topic.rawValue, .text(0...10), "Present when it is to be told of this.")
    }

    var routes: [Route] { [list, add, test, remove] }

    private var list: Route {
        .page(Self.path.text, "webhooksPage", "Show the webhooks", access: .admin) { try await page($0, nil) }
    }

    private func page(_ request: APIRequest, _ notice: WebhooksPage.Notice?) async throws -> WebPage {
        WebhooksPage(
            request: request, webhooks: try await desk.all(), troubles: try await troubles(), notice: notice
        ).page
    }

    /// Why the newest messages wait to be sent again, by webhook.
    private func troubles() async throws -> [Int64: Failure] {
        let late = TaskFilter(state: .scheduled, kind: .deliverWebhook)
        let found = try await tasks.tasks(late, page: PageRequest(limit: Self.maxLate)).items
        return found.reversed().reduce(into: [:]) { troubles, task in
            if let id = task.webhookID, let failure = task.lastFailure { troubles[id] = failure }
        }
    }

    /// The key is on the page that answers, and nowhere else.
    private var add: Route {
        form(
            Self.path.text, "addWebhookOnPage", "Add a webhook, from a page",
            fields: [.init(Self.url)] + AnnouncementTopic.allCases.map { .init(Self.topic($0)) }
        ) { request in
            let topics = try AnnouncementTopic.allCases.filter { try request.body.optional(Self.topic($0)) != nil }
            let url = try request.body.optional(Self.url) ?? ""
            do {
                let made = try await desk.add(
                    url: url.trimmingSpaces, topics: Set(topics), account: request.account())
                return try await page(request, .made(made)).response(.created)
            } catch let refused as WebhookDesk.Refused {
                return try await page(request, .problem(refused.description)).response(.unprocessableContent)
            } catch StoreError.preconditionFailed(let why) {
                return try await page(request, .problem(why)).response(.conflict)
            }
        }
    }

    private var test: Route {
        form(
            Self.path.text + "/{id}/test", "testWebhookOnPage", "Send a webhook a message, from a page",
            parameters: [ParameterSpec(.id)]
        ) { request in
            let result = try await desk.test(try request.require(.id))
            return try await page(request, .tested(result)).response()
        }.waiting()
    }

    private var remove: Route {
        form(
            Self.path.text + "/{id}/remove", "removeWebhookOnPage", "Remove a webhook, from a page",
            parameters: [ParameterSpec(.id)]
        ) { request in
            try await desk.remove(try request.require(.id))
            return .seeOther(Self.path)
        }
    }

    private func form(
        _ path: String, _ name: String, _ summary: String, parameters: [ParameterSpec] = [],
        fields: [BodySpec.Member] = [], _ act: @escaping @Sendable (APIRequest) async throws -> Response
    ) -> Route {
        let statuses: [HTTPResponse.Status] = [.ok, .created, .conflict, .unprocessableContent]
        return Route(
            .post, path, name, summary, access: .admin, parameters: parameters,
            body: BodySpec(name.titled, as: .form, fields + [.init(Body.csrf)]), bodyLimit: Body.maxFormBytes,
            answers: [Route.redirect]
                + statuses.map { .init(status: $0, description: "The page, and what came of it.", content: Route.page) },
            problems: [.insufficientStorage], handle: act
        ).asPage()
    }
}
