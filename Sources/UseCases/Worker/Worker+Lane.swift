import Contracts
import Domain
import Logging
import Telemetry

/// A lane: it asks for tasks of its kinds, and runs what it gets.
extension Worker {
    func work(_ lane: WorkLane) async {
        let loop = loops?.begin("claims of \(lane.kinds[0].rawValue)")
        defer { loop?.ends() }
        while !stopping.isRaised && !Task.isCancelled {
            do {
                if let place = lane.heavyPlace, let pause = heavyWork?.pause(place: place) {
                    loop?.sleeps(pause)
                    _ = try await unlessStopped { try await Task.sleep(for: pause) }
                    continue
                }
                let (kinds, pause) = handlers.awake(lane.kinds)
                if kinds.isEmpty {
                    // Tasks that nothing can be done for stay where they are.
                    loop?.sleeps(pause)
                    _ = try await unlessStopped { try await Task.sleep(for: pause) }
                    continue
                }
                expectAnswer(loop, waiting: .seconds(timing.leaseWaitSeconds))
                let tasks = try await lease(kinds, max: lane.batch)
                if !tasks.isEmpty { await run(tasks, loop) }
            } catch {
                logger.warning("Leasing failed", metadata: [LogKeys.error: "\(error)"])
                expectAnswer(loop, waiting: timing.errorPause)
                await recover(from: error)
            }
        }
    }

    /// A worker that is not known any more makes itself known again; one that is refused ends; else time may help.
    private func recover(from error: any Error) async {
        var error = error
        if case StoreError.preconditionFailed = error {
            do {
                _ = try await register()
                return
            } catch let other {
                logger.warning("Registering again failed", metadata: [LogKeys.error: "\(other)"])
                error = other
            }
        }
        end(because: error)
        await pause(timing.errorPause)
    }

    /// Waits for work, but no longer than until `stop`.
    private func lease(_ kinds: [TaskKind], max: Int) async throws -> [LeasedTask] {
        let request = LeaseRequest(
            worker: registration.id,
            kinds: Dictionary(uniqueKeysWithValues: kinds.map { ($0, $0.currentVersion) }), max: max,
            waitSeconds: timing.leaseWaitSeconds)
        return try await counting(.lease) { try await unlessStopped { try await self.broker.lease(request) } ?? [] }
    }
}
