import Contracts
import Domain
import HTTPTypes
import UseCases

/// `/v1/queues` and `/v1/workers`
struct QueueRoutes: Sendable {
    let services: APIServices

    private static let role = Parameter("role", in: .path, Scalar<Role>.choice, "Whose queue.")

    var routes: [Route] {
        [
            .json(
                .get, "/v1/queues", "listQueues", "Show how many tasks wait for each role", access: .user,
                answer: Shape<QueueStatus>.queue.page("QueuePage"), "All queues."
            ) { _ in .whole(try await services.tasks.queues()) },
            .json(
                .get, "/v1/workers", "listWorkers", "List the workers", access: .user,
                answer: Shape<WorkerStatus>.worker.page("WorkerPage"), "All workers that are known."
            ) { _ in .whole(try await services.tasks.workers()) },
            setPaused(true, "pause", "Stop handing out tasks of a role"),
            setPaused(false, "resume", "Hand out tasks of a role again"),
        ]
    }

    private func setPaused(_ paused: Bool, _ verb: String, _ summary: String) -> Route {
        .json(
            .post, "/v1/queues/{role}/\(verb)", "\(verb)Queue", summary, access: .admin,
            parameters: [ParameterSpec(Self.role)], answer: .queue, "The queue as it is now.",
            problems: [.conflict, .insufficientStorage]
        ) { request in
            let role = try request.require(Self.role)
            try await services.tasks.setPaused(paused, role: role, actor: request.actor)
            guard let queue = try await services.tasks.queues().first(where: { $0.role == role }) else {
                throw Problem.notFound
            }
            return queue
        }
    }
}
