import Foundation
import StandIns
import Synchronization

/// A receiver of webhooks that answers as it is told, and keeps what it got.
final class WebhookReceiver: StandInService {
    static let name = "webhook"

    struct Message: Sendable {
        let id: String
        let timestamp: String
        let signature: String
        let body: String
    }

    private struct State {
        var messages: [Message] = []
        /// The answers to come; after the last, 204.
        var statuses: [Int] = []
    }

    private let state = Mutex(State())

    var messages: [Message] { state.withLock(\.messages) }

    func answer(_ statuses: Int...) { state.withLock { $0.statuses = statuses } }

    func reply(to request: Request) async -> Reply {
        state.withLock { state in
            state.messages.append(
                Message(
                    id: request.header("webhook-id") ?? "", timestamp: request.header("webhook-timestamp") ?? "",
                    signature: request.header("webhook-signature") ?? "",
                    body: String(decoding: request.body, as: UTF8.self)))
            return Reply(status: state.statuses.isEmpty ? 204 : state.statuses.removeFirst())
        }
    }
}
