import Domain
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Telemetry
import UseCases

/// One lease on behalf of a client: it waits as long as the client does, and what was claimed for a client that has
/// gone is handed back at once.
struct LongPoll: Sendable {
    let broker: any TaskBroker
    let open: OpenLeases
    let logger: Logger

    enum Ending: Sendable {
        case leased([LeasedTask])
        /// The client hung up, asked again, or the server stops.
        case over
    }

    func answer(_ request: LeaseRequest, for client: ClientPresence) async throws -> Response {
        let hangUp = await client.hangUp()
        let tasks = try await lease(request, until: hangUp)
        guard !hangUp.isRaised else {
            await handBack(tasks, request.worker)
            throw Problem(.requestTimeout, "the client has hung up")
        }
        for task in tasks {
            logger.debug("A task was leased", metadata: task.metadata(to: request.worker))
        }
        let bytes = ByteBuffer(bytes: Shape<[LeasedTask]>.leased.json(tasks))
        let body = ResponseBody(contentLength: bytes.readableBytes) { writer in
            do {
                try await writer.write(bytes)
                try await writer.finish(nil)
            } catch {
                await handBack(tasks, request.worker)
                throw error
            }
        }
        return Response(status: .ok, headers: [.contentType: "application/json"], body: body)
    }

    /// Cancelling a lease ends its wait; what it had claimed by then is answered all the same.
    private func lease(_ request: LeaseRequest, until hangUp: StopSignal) async throws -> [LeasedTask] {
        let superseded = request.token.map { open.enter($0) } ?? StopSignal()
        defer { if let token = request.token { open.leave(token, superseded) } }
        return try await withThrowingTaskGroup(of: Ending.self) { group in
            group.addTask { .leased(try await broker.lease(request)) }
            group.addTask {
                await hangUp.wait(); return .over
            }
            group.addTask {
                await superseded.wait(); return .over
            }
            group.addTask {
                try? await gracefulShutdown()  // only cancellation throws, and it ends the wait as well
                return .over
            }
            while let ending = try await group.next() {
                group.cancelAll()
                // What was claimed under the same token is the newer call's to answer.
                if case .leased(let tasks) = ending { return superseded.isRaised ? [] : tasks }
            }
            return []
        }
    }

    /// When that fails, the worker's heartbeats do not name these tasks, and they come back.
    private func handBack(_ tasks: [LeasedTask], _ worker: Int64) async {
        guard !tasks.isEmpty else { return }
        let released = tasks.map { Settlement(lease: $0.lease, result: .released, run: $0.run) }
        _ = try? await broker.settle(released, worker: worker)  // see above
    }
}

extension LeasedTask {
    fileprivate func metadata(to worker: Int64) -> Logger.Metadata {
        [
            LogKeys.taskID: .stringConvertible(lease.taskID), LogKeys.kind: .string(kind.rawValue),
            LogKeys.attempt: .stringConvertible(run), LogKeys.workerID: .stringConvertible(worker),
        ].merging(trace.map { [LogKeys.traceID: .string($0.traceID)] } ?? [:]) { $1 }
    }
}
