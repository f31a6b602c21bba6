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
                answer: Shape<ServedQueue>.queue.page("QueuePage"), "All queues."
            ) { _ in .whole(try await queues()) },
            .json(
                .get, "/v1/workers", "listWorkers", "List the workers", access: .user,
                answer: Shape<BusyWorker>.worker.page("WorkerPage"), "All workers that are known."
            ) { _ in .whole(try await workers()) },
            setPaused(true, "pause", "Stop handing out tasks of a role"),
            setPaused(false, "resume", "Hand out tasks of a role again"),
        ]
    }

    func queues() async throws -> [ServedQueue] {
        let workers = try await services.tasks.workers().filter { $0.isAlive && !$0.isDraining }
        return try await services.tasks.queues().map { status in
            ServedQueue(status: status, workers: workers.count { $0.registration.roles.contains(status.role) })
        }
    }

    func workers() async throws -> [BusyWorker] {
        let running = try await services.tasks.tasks(
            TaskFilter(state: .running), page: PageRequest(limit: PageRequest.maxLimit)
        ).items
        let byWorker = Dictionary(grouping: running) { $0.workerID ?? 0 }
        let now = services.clock()
        return try await services.tasks.workers().map { status in
            BusyWorker(status: status, tasks: byWorker[status.registration.id] ?? [], now: now)
        }
    }

    private func setPaused(_ paused: Bool, _ verb: String, _ summary: String) -> Route {
        .json(
            .post, "/v1/queues/{role}/\(verb)", "\(verb)Queue", summary, access: .admin,
            parameters: [ParameterSpec(Self.role)], answer: .queue, "The queue as it is now.",
            problems: [.conflict, .insufficientStorage]
        ) { request in
            let role = try request.require(Self.role)
            try await services.tasks.setPaused(paused, role: role, actor: request.actor)
            guard let queue = try await queues().first(where: { $0.status.role == role }) else {
                throw Problem.notFound
            }
            return queue
        }
    }
}
