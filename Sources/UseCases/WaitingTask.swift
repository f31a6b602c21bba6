import Domain

/// Finds out why a task waits.
package struct WaitingTask: Sendable {
    private let tasks: any TaskStore
    private let services: (any ServiceDesk)?

    package init(tasks: any TaskStore, services: (any ServiceDesk)?) {
        self.tasks = tasks
        self.services = services
    }

    package func reasons(for task: TaskRecord) async throws -> [WaitReason] {
        guard task.state.isLive, task.state != .running else { return [] }
        let paused = try await tasks.queues().filter(\.isPaused).map(\.role)
        // Nobody is asked about services that it does not need.
        let needsService = !task.kind.services.isEmpty
        let facts = WaitReason.Facts(
            pausedRoles: Set(paused), workers: try await tasks.workers(),
            services: needsService ? try await services?.services() ?? [] : [],
            ahead: try await tasks.tasksAhead(of: task.id, limit: WaitReason.maxAhead))
        return WaitReason.all(for: task, facts)
    }
}
