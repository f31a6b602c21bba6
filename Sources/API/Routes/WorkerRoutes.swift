import Contracts
import Domain
import HTTPTypes
import Hummingbird
import Logging
import Telemetry
import UseCases

/// `/v1/workers/{id}`, `/v1/leases` and `/v1/results`: how a worker on another device works. Ids and fencing tokens are
/// random, so that nobody can act for a worker that he does not know.
struct WorkerRoutes: Sendable {
    let fleet: Fleet
    let tasks: any TaskStore
    private let open = OpenLeases()

    /// Far beyond any device.
    private static let maxVersion = 10_000
    private static let maxSlots = 4096
    private static let maxLease = 1000
    private static let maxHeld = 100_000
    static let maxWaitSeconds: Double = 60
    static let maxLeaseSeconds: Double = 3600
    /// A batch of results with the largest picture that is kept, in base64.
    static let maxResultBytes = 32 << 20
    static let maxResults = 1000

    private static let id = Parameter("id", in: .path, .token, "A random number, made anew for each start of a worker.")
    private static let host = BodyField("host", .text(1...255), isRequired: true, "The device's name, for people.")
    private static let processID = BodyField(
        "process_id", Scalar<Int>.integer(0...Int(Int32.max)), isRequired: true, "On that device.")
    private static let roles = BodyField(
        "roles", .list(of: Scalar<Role>.choice, max: Role.allCases.count), isRequired: true, "What it works on.")
    private static let kinds = BodyField(
        "kinds", Scalar<[TaskKind: Int]>.counts(1...maxVersion), isRequired: true,
        "The tasks it can run, each with the newest payload version it understands.")
    private static let slots = BodyField(
        "slots", Scalar<[Role: Int]>.counts(0...maxSlots), "How many tasks of a role it runs at once.")
    private static let heldSlots = BodyField(
        "held_slots", Scalar<Int>.integer(0...maxSlots),
        "How many slots for heavy work may take something, where its device is held back. Registering again tells it anew."
    )
    private static let heldBecause = BodyField(
        "held_because", .list(of: Scalar<HoldCause>.choice, max: HoldCause.allCases.count), "Why.")
    private static let version = BodyField("version", .text(1...64), isRequired: true, "Of the worker's build.")

    private static let worker = BodyField("worker", .token, isRequired: true, "The worker's id.")
    private static let token = BodyField(
        "token", .token, isRequired: true,
        "A random number that becomes the fencing token. The same one again gets the same tasks, for a worker that did "
            + "not hear the answer.")
    private static let max = BodyField(
        "max", Scalar<Int>.integer(1...maxLease), isRequired: true, "How many tasks at most.")
    private static let wait = BodyField(
        "wait_seconds", .number(0...maxWaitSeconds), "How long to wait for the first task; not at all when absent.")
    private static let running = BodyField(
        "running", .list(of: Scalar<Int64>.id, max: maxHeld), isRequired: true,
        "The tasks it holds. What it leased a while ago and does not name is handed to somebody else.")
    private static let leaseSeconds = BodyField(
        "lease_seconds", .number(1...maxLeaseSeconds), isRequired: true,
        "The worker promises the next renewal well within this time.")
    private static let draining = BodyField("draining", .flag, "True: it takes no new tasks.")
    private static let results = BodyField(
        "results", .list(of: ResultBody.scalar, max: maxResults), isRequired: true,
        "What came of leased tasks; each is applied in full or not at all.")

    var routes: [Route] { [register, deregister, lease.waiting(), renew, settle] }

    private var register: Route {
        Route(
            .put, "/v1/workers/{id}", "registerWorker", "Make a worker known, before it leases", access: .worker,
            parameters: [ParameterSpec(Self.id)],
            body: BodySpec(
                "NewWorker",
                [
                    .init(Self.host), .init(Self.processID), .init(Self.roles), .init(Self.kinds), .init(Self.slots),
                    .init(Self.version), .init(Self.heldSlots), .init(Self.heldBecause),
                ]),
            answers: [.init(status: .noContent, description: "It is known.", content: [:])],
            problems: [.conflict, .insufficientStorage]
        ) { request in
            let roles = try request.body.require(Self.roles)
            let kinds = try request.body.require(Self.kinds)
            try request.allow(roles + kinds.keys.map(\.role))
            let causes = try request.body.optional(Self.heldBecause) ?? []
            let hold = try request.body.optional(Self.heldSlots).map { WorkHold(slots: $0, causes: causes) }
            try await fleet.broker.register(
                WorkerRegistration(
                    id: try request.require(Self.id), host: try request.body.require(Self.host),
                    processID: Int32(clamping: try request.body.require(Self.processID)), roles: roles, kinds: kinds,
                    slots: try request.body.optional(Self.slots) ?? [:],
                    version: try request.body.require(Self.version), hold: hold))
            return Response(status: .noContent)
        }
    }

    private var deregister: Route {
        Route(
            .delete, "/v1/workers/{id}", "deregisterWorker", "Take a worker off the list and hand back its tasks",
            access: .worker, parameters: [ParameterSpec(Self.id)],
            answers: [.init(status: .noContent, description: "It is not known any more.", content: [:])],
            problems: [.conflict, .insufficientStorage]
        ) { request in
            try await fleet.broker.deregister(worker: try request.require(Self.id))
            return Response(status: .noContent)
        }
    }

    private var lease: Route {
        Route(
            .post, "/v1/leases", "leaseTasks", "Lease tasks, waiting for the first one", access: .worker,
            body: BodySpec(
                "NewLease",
                [.init(Self.worker), .init(Self.token), .init(Self.kinds), .init(Self.max), .init(Self.wait)]),
            answers: [
                .init(
                    status: .ok, description: "Tasks, best first; they are the worker's until its lease ends.",
                    content: ["application/json": Shape<[LeasedTask]>.leased.schema])
            ],
            problems: [.conflict, .insufficientStorage, .requestTimeout]
        ) { request in
            let kinds = try request.body.require(Self.kinds)
            try request.allow(kinds.keys.map(\.role))
            let lease = LeaseRequest(
                worker: try request.body.require(Self.worker), kinds: kinds.filter { !$0.key.needsVault },
                max: try request.body.require(Self.max),
                waitSeconds: try request.body.optional(Self.wait) ?? 0, token: try request.body.require(Self.token))
            return try await LongPoll(broker: fleet.broker, open: open, logger: request.logger)
                .answer(lease, for: request.client)
        }
    }

    private var renew: Route {
        .json(
            .post, "/v1/leases/renew", "renewLeases", "Show that a worker lives, and hear what was cancelled",
            access: .worker,
            body: BodySpec(
                "Heartbeat",
                [.init(Self.worker), .init(Self.running), .init(Self.leaseSeconds), .init(Self.draining)]),
            answer: .renewed, "The leases hold.", problems: [.conflict, .insufficientStorage]
        ) { request in
            try await fleet.broker.renew(
                Heartbeat(
                    worker: try request.body.require(Self.worker), running: try request.body.require(Self.running),
                    leaseSeconds: try request.body.require(Self.leaseSeconds),
                    draining: try request.body.optional(Self.draining) ?? false))
        }
    }

    private var settle: Route {
        .json(
            .post, "/v1/results", "settleTasks", "Hand in what came of leased tasks", access: .worker,
            body: BodySpec("Results", [.init(Self.worker), .init(Self.results)]), bodyLimit: Self.maxResultBytes,
            answer: .verdicts, "Applied. The same results again get the same verdicts.",
            problems: [.conflict, .insufficientStorage]
        ) { request in
            let results = try request.body.require(Self.results)
            let settlements = try results.enumerated().map { index, members in
                try ResultBody.settlement(Body(members: members, prefix: "results.\(index)."))
            }
            let worker = try request.body.require(Self.worker)
            let verdicts = try await fleet.broker.settle(settlements, worker: worker)
            for (settlement, verdict) in zip(settlements, verdicts) {
                request.logger.debug(
                    "A result came in",
                    metadata: [
                        LogKeys.taskID: .stringConvertible(settlement.lease.taskID),
                        LogKeys.outcome: verdict == .accepted ? "accepted" : "stale",
                    ])
            }
            await tellFailures(among: zip(settlements, verdicts), worker: worker, request.logger)
            return verdicts
        }
    }

    /// Failures of one answer that have a line each.
    private static let failuresToldMax = 20

    /// The worker's own log may be far away. What is a dead letter now is told louder.
    private func tellFailures(
        among results: Zip2Sequence<[Settlement], [Verdict]>, worker: Int64, _ logger: Logger
    ) async {
        var told = 0
        for (settlement, verdict) in results where verdict == .accepted && told < Self.failuresToldMax {
            guard case .failed(let failure) = settlement.result else { continue }
            told += 1
            let id = settlement.lease.taskID
            let task = try? await tasks.task(id: id).task  // pruned or unreadable: the line says less
            var metadata: Logger.Metadata = [
                LogKeys.taskID: .stringConvertible(id), LogKeys.workerID: .stringConvertible(worker),
                LogKeys.reason: .string(failure.reason.rawValue), LogKeys.error: .string(failure.message),
            ]
            if let task {
                metadata[LogKeys.kind] = .string(task.kind.rawValue)
                metadata[LogKeys.attempt] = .stringConvertible(task.runs)
            }
            if task?.state == .dead {
                logger.warning("A task is a dead letter", metadata: metadata)
            } else {
                logger.notice("A task failed", metadata: metadata)
            }
        }
    }
}

extension APIRequest {
    /// Throws 403 when the token is not good for one of these roles.
    func allow(_ roles: [Role]) throws(Problem) {
        guard let token else { throw Problem(.forbidden, "this needs a worker's token") }
        for role in roles where !token.mayWork(as: role) {
            throw Problem(.forbidden, "this token is not good for the role \(role.rawValue)")
        }
    }
}
