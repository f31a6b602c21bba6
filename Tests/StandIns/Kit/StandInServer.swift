import Synchronization

/// A service on a port of its own, with a journal, faults on command, and a control path.
package final class StandInServer: Sendable {
    package let service: any StandInService
    package let name: String
    package let journal = Journal()
    package let faults = FaultPlan()
    let surroundings: Surroundings
    private let listener: HTTPListener
    private let state: Mutex<State>

    private struct State {
        var port: Int
        /// Reopens the port after a while, or ticks; `stop` awaits them.
        var tasks: [Task<Void, Never>] = []
    }

    /// How often a service's own time goes on.
    private static let tick = Duration.milliseconds(25)

    /// Opens the port.
    /// - Parameter port: 0 takes any free one.
    package init<Service: StandInService>(
        _ service: Service, port: Int = 0, surroundings: Surroundings = .real
    ) async throws {
        self.service = service
        self.surroundings = surroundings
        name = Service.name
        let box = Box()
        listener = HTTPListener { request in await box.answer(request) }
        state = Mutex(State(port: port))
        let bound = try await listener.open(port: port)
        state.withLock { $0.port = bound }
        box.set(self)
        let ticking = Task {
            while !Task.isCancelled {
                await service.tick()
                try? await Task.sleep(for: Self.tick)  // only cancelling ends it early
            }
        }
        state.withLock { $0.tasks.append(ticking) }
    }

    package var port: Int { state.withLock { $0.port } }
    package var url: String { "http://127.0.0.1:\(port)" }

    /// Nobody listens, until `comeBack`; or for so many seconds, when they are given.
    package func goAway(seconds: Double? = nil) async {
        await listener.close()
        guard let seconds else { return }
        let returning = Task {
            try? await Task.sleep(for: .seconds(seconds))  // only cancelling ends it early
            if !Task.isCancelled, !self.listener.isOpen { await self.comeBack() }
        }
        state.withLock { $0.tasks.append(returning) }
    }

    package func comeBack() async {
        await listener.close()
        // The port was ours a moment ago: who took it meanwhile keeps it, and clients see that nobody answers.
        _ = try? await listener.open(port: port)  // as said above
    }

    package func stop() async {
        let tasks = state.withLock { state in
            defer { state.tasks = [] }
            return state.tasks
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
        await listener.close()
    }

    // MARK: Answering

    private func answer(_ request: Request) async -> Delivery {
        if request.segments.first == Control.root { return .whole(await Control.reply(of: self, to: request)) }
        let number = journal.begin(request, now: surroundings.now())
        let fault = faults.take(for: request)
        let delivery = await delivery(of: fault, to: request)
        journal.end(number, status: Self.status(of: delivery), fault: fault?.kind.rawValue)
        return delivery
    }

    private func delivery(of fault: Fault?, to request: Request) async -> Delivery {
        guard let fault else { return .whole(await service.reply(to: request)) }
        switch fault.kind {
        case .delay:
            try? await Task.sleep(for: .milliseconds(fault.milliseconds))  // only closing ends it early
            return .whole(await service.reply(to: request))
        case .slow: return .slow(await service.reply(to: request), bytesPerSecond: fault.bytesPerSecond)
        case .cutOff: return .cutOff(await service.reply(to: request))
        case .endless: return .endless(await service.reply(to: request))
        case .half:
            var reply = await service.reply(to: request)
            reply.body.removeLast((reply.body.count + 1) / 2)
            return .whole(reply)
        case .silence, .reset, .status, .code, .html, .redirect:
            if fault.isProcessed { _ = await service.reply(to: request) }
            return instead(fault, request)
        }
    }

    /// What comes in the place of an answer.
    private func instead(_ fault: Fault, _ request: Request) -> Delivery {
        switch fault.kind {
        case .silence: return .silence
        case .reset: return .reset
        case .html: return .whole(.html("Down for maintenance"))
        case .redirect: return .whole(.redirect(to: fault.location ?? "/", status: fault.status ?? 302))
        case .code:
            let refusal = fault.code.flatMap { service.refusal(code: $0, to: request) }
            return .whole(refusal ?? .text("\(name) has no such error", status: 500))
        default:
            let status = fault.status ?? 500
            var reply = fault.body.map { Reply.text($0, status: status) } ?? .html("Error \(status)", status: status)
            if let retryAfter = fault.retryAfter { reply = reply.adding("Retry-After", retryAfter) }
            return .whole(reply)
        }
    }

    private static func status(of delivery: Delivery) -> Int {
        switch delivery {
        case .whole(let reply), .slow(let reply, _), .cutOff(let reply), .endless(let reply): reply.status
        case .silence, .reset: 0
        }
    }

    /// Reaches the server without keeping it alive.
    private final class Box: Sendable {
        private struct Weak { weak var server: StandInServer? }
        private let state = Mutex(Weak())

        func set(_ server: StandInServer) { state.withLock { $0.server = server } }

        func answer(_ request: Request) async -> Delivery {
            guard let server = state.withLock({ $0.server }) else { return .reset }
            return await server.answer(request)
        }
    }
}
