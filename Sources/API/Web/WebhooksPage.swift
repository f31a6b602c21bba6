import Domain
import UseCases

/// The webhooks, a box for each, and a form for another one.
struct WebhooksPage {
    enum Notice {
        case made(WebhookDesk.Made)
        case tested(WebhookDesk.TestResult)
        case problem(String)
    }

    let request: APIRequest
    let webhooks: [Webhook]
    /// Of those who did not take the last messages.
    let troubles: [Int64: Failure]
    let notice: Notice?

    var page: WebPage {
        request.settingsPage("Webhooks", at: .webhooks) {
            HTML.hint(
                "Servers that are told of what happens here. Messages are signed; what is not taken is tried for a day."
            )
            if let notice { banner(notice) }
            for webhook in webhooks { box(webhook) }
            HTML.box("Add a webhook") { form }
            HTML(.p, .named("hint")) {
                "Messages on their way are tasks: "
                HTML.link("deliver_webhook", TaskSelection(TaskFilter(kind: .deliverWebhook)).path)
            }
        }
    }

    @HTMLBuilder private func banner(_ notice: Notice) -> HTML {
        switch notice {
        case .made(let made):
            HTML(.div, .named("notice"), .init(.role, "status")) {
                HTML(.p) {
                    "\(made.webhook.server) is told from now on. This key signs its messages, and is shown only now:"
                }
                HTML(.p) { HTML(.code) { made.key.text.value } }
            }
        case .tested(let result):
            HTML(
                .p, .named(result.isTaken ? "notice" : "notice problem"),
                .init(.role, result.isTaken ? "status" : "alert")
            ) {
                result.isTaken
                    ? "The message was taken: \(result.message)." : "The message was not taken: \(result.message)."
            }
        case .problem(let why):
            HTML(.p, .named("notice problem"), .init(.role, "alert")) { why.titled + "." }
        }
    }

    private func box(_ webhook: Webhook) -> HTML {
        HTML(.section, .named("box"), .init(.ariaLabelledBy, "webhook-\(webhook.id)")) {
            HTML(.header) {
                HTML(.h2, .id("webhook-\(webhook.id)")) { webhook.server }
                state(webhook)
            }
            HTML(.dl, .named("facts")) {
                HTML(.dt) { "Told of" }
                HTML(.dd) { Self.topics(webhook) }
                HTML(.dt) { "Since" }
                HTML(.dd) { HTML.time(webhook.createdAt) }
                if let time = webhook.deliveredAt {
                    HTML(.dt) { "Last message" }
                    HTML(.dd) { HTML.time(time) }
                }
                if webhook.disabledAt == nil, let failure = troubles[webhook.id] {
                    HTML(.dt) { "Tried again" }
                    HTML(.dd) { HTML.failure(failure) }
                }
                if let why = webhook.disabledBecause {
                    HTML(.dt) { "Disabled" }
                    HTML(.dd, .named("problem")) { "\(why); a test that it takes enables it" }
                }
            }
            HTML(.div, .named("actions")) {
                act(webhook, "test", "Test")
                act(webhook, "remove", "Remove")
            }
        }
    }

    private func state(_ webhook: Webhook) -> HTML {
        if webhook.disabledAt != nil { return .state("disabled", isBad: true) }
        return troubles[webhook.id] == nil ? .state("told", isGood: true) : .state("takes nothing", isBad: true)
    }

    private static func topics(_ webhook: Webhook) -> String {
        AnnouncementTopic.allCases.filter(webhook.topics.contains).map(\.shown).joined(separator: ", ")
    }

    private func act(_ webhook: Webhook, _ verb: String, _ text: String) -> HTML {
        request.form(LocalPath("\(WebhookPages.path.text)/\(webhook.id)/\(verb)") ?? WebhookPages.path) {
            HTML.submit(text, label: "\(text) webhook \(webhook.id), \(webhook.server)")
        }
    }

    private var form: HTML {
        request.form(WebhookPages.path, class: "card") {
            HTML(.label, .init(.for, "webhook-url")) { "Address" }
            HTML(
                .input, .id("webhook-url"), .init(.name, "url"), .init(.type, "url"), .init(.required),
                .init(.placeholder, "https://"), .init(.autocomplete, "off"), .init(.spellcheck, "false"),
                .init(.maxlength, "\(WebhookRoutes.maxURLLength)"))
            for topic in AnnouncementTopic.allCases {
                HTML(.label, .named("check")) {
                    HTML(
                        .input, .init(.type, "checkbox"), .init(.name, topic.rawValue), .init(.value, "on"),
                        .init(.checked))
                    " \(topic.shown.titled)"
                }
            }
            HTML(.button, .init(.type, "submit")) { "Add" }
        }
    }
}

extension AnnouncementTopic {
    /// For people, in the middle of a sentence.
    fileprivate var shown: String {
        switch self {
        case .scanFinished: "scans that end"
        case .tasksDied: "dead letters"
        case .workerLost: "lost workers"
        case .serviceUnreachable: "services out of reach"
        }
    }
}
