import ArgumentParser
import Contracts
import Domain

struct WebhooksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhooks",
        abstract: "Servers that are told of what happens: list, add, test and remove them.",
        discussion: """
            Events: scan_finished, tasks_died, worker_lost, service_unreachable. Messages are signed as the
            Standard Webhooks specification says. A server in a private network, or one without https, has to
            be named in SILLON_WEBHOOK_HOSTS.

            Examples:
              sillon webhooks add https://hooks.example.com/sillon
              sillon webhooks add https://hooks.example.com/sillon --events tasks_died,worker_lost
              sillon webhooks test 1
            """,
        subcommands: [WebhooksList.self, WebhooksAdd.self, WebhooksTest.self, WebhooksRemove.self],
        defaultSubcommand: WebhooksList.self)
}

struct WebhooksList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the webhooks. Addresses and keys are not shown.",
        discussion: """
            Examples:
              sillon webhooks list
              sillon webhooks list --json
            """)

    @OptionGroup var options: ClientOptions

    func run() async throws {
        struct Page: Decodable { let items: [WebhookView] }
        let answer = try await options.client().get("/v1/webhooks")
        if options.json { return try answer.print() }
        let hooks = try answer.decode(Page.self).items
        guard !hooks.isEmpty else { return Console.note("there are no webhooks") }
        var table = TextTable([
            .init("ID", .right), .init("SERVER"), .init("TOLD OF", canShrink: true), .init("LAST MESSAGE"),
            .init("DISABLED", canShrink: true),
        ])
        for hook in hooks {
            table.add([
                "\(hook.id)", hook.server, hook.events.joined(separator: ", "), hook.deliveredAt, hook.disabledBecause,
            ])
        }
        try Console.table(table)
    }
}

struct WebhooksAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a webhook. The key that signs its messages is shown only now.",
        discussion: """
            Examples:
              sillon webhooks add https://hooks.example.com/sillon
              sillon webhooks add https://hooks.example.com/sillon --events scan_finished
            """)

    @Argument(help: "Where to send.")
    var url: String

    @Option(help: ArgumentHelp("What to tell of, with commas between; everything when absent.", valueName: "names"))
    var events: String?

    @OptionGroup var options: ClientOptions

    func validate() throws {
        for name in names ?? [] where AnnouncementTopic(rawValue: name) == nil {
            let known = AnnouncementTopic.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("\"\(name)\" is none of \(known)")
        }
    }

    private var names: [String]? { events?.split(separator: ",").map(String.init) }

    func run() async throws {
        let events = names.map { JSONValue.array($0.map { .string($0) }) }
        let answer = try await options.client().post(
            "/v1/webhooks", body: JSONBody(["url": .string(url), "events": events]))
        if options.json { return try answer.print() }
        let made = try answer.decode(MadeWebhookView.self)
        Console.note("webhook \(made.webhook.id), \(made.webhook.server); this key signs its messages:")
        try Console.line(made.key)
    }
}

struct WebhooksTest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Send a webhook a message at once; it fails when that is not taken.",
        discussion: """
            Examples:
              sillon webhooks test 1
            """)

    @Argument(help: "The webhook's id.")
    var id: Int64

    @OptionGroup var options: ClientOptions

    func run() async throws {
        let answer = try await options.client().post("/v1/webhooks/\(id)/test")
        let result = try answer.decode(WebhookTestView.self)
        if options.json { try answer.print() } else if result.taken { try Console.line(TextTable.safe(result.message)) }
        guard result.taken else { throw CommandError.failed(result.message) }
    }
}

struct WebhooksRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a webhook.",
        discussion: """
            Examples:
              sillon webhooks remove 1
            """)

    @Argument(help: "The webhook's id.")
    var id: Int64

    @OptionGroup var options: ClientOptions

    func run() async throws {
        _ = try await options.client().delete("/v1/webhooks/\(id)")
        Console.note("webhook \(id) is told nothing any more")
    }
}
