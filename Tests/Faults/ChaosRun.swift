import Contracts
import Domain
import Foundation
import Glibc
import Persistence
import Similarity
import TestSupport

/// One disturbed life of a fleet, from the first scan to the verdict.
package struct ChaosRun: Sendable {
    private let plan: ChaosPlan
    private let say: @Sendable (String) -> Void

    /// The general bound for getting well again after a fault, generous to machines that have more to do; after
    /// `freeze-db` requests must be served again sooner.
    private static let recoveryLimit = Duration.seconds(180)
    private static let thawLimitSeconds = 10.0

    /// - Parameter say: hears what goes on, line by line.
    package init(_ plan: ChaosPlan, say: @escaping @Sendable (String) -> Void) {
        self.plan = plan
        self.say = say
    }

    package func run() async throws -> ChaosReport {
        say("engine \(plan.engine.rawValue) seed \(plan.seed): \(plan.faults.map(\.rawValue).joined(separator: ","))")
        var report = ChaosReport(engine: plan.engine, seed: plan.seed, workers: plan.workerProgram)
        let setting = try await Setting(plan)
        // Before the lab removes its folder.
        defer { setting.disk?.unmount() }
        let fleet = try await ChaosFleet(
            setting.lab, setting.engine, servers: plan.servers, workers: plan.workers, program: plan.workerProgram)
        let load = try Load(fleet, root: plan.music, seed: plan.seed, log: setting.lab.folder + "/acknowledged.log")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await fleet.mind() }
            let submitting = Task { await load.run() }
            do {
                try await disturb(setting, fleet, load, &report)
            } catch {
                // Whoever uses the lab keeps it.
                submitting.cancel()
                await submitting.value
                throw error
            }
            load.stop()
            let start = ContinuousClock.now
            await rest(fleet, submitting)
            try Task.checkCancellation()
            report.restSeconds = (ContinuousClock.now - start).asSeconds
            group.cancelAll()
        }
        try await judge(setting, fleet, load, &report)
        return report
    }

    // MARK: Faults

    /// Every fault once, in an order that the seed decides.
    private func disturb(_ setting: Setting, _ fleet: ChaosFleet, _ load: Load, _ report: inout ChaosReport)
        async throws
    {
        var random = SplitMix64(seed: plan.seed)
        for fault in plan.faults.shuffled(using: &random) {
            try Task.checkCancellation()
            let stage = Stage(
                plan: plan, fleet: fleet, engine: setting.engine, load: load, server: setting.server,
                cutter: setting.cutter, disk: setting.disk, seconds: plan.seconds / Double(plan.faults.count),
                seed: random.next())
            let phase = try await endure(fault, stage)
            say(
                "\(fault.rawValue): \(phase.deed); recovered in \(phase.recoverySeconds.map(ChaosReport.text) ?? "-") s"
            )
            report.phases.append(phase)
        }
    }

    private func endure(_ fault: Fault, _ stage: Stage) async throws -> ChaosReport.Phase {
        let begin = ContinuousClock.now
        let deed = try await attempt(fault, stage)
        let end = ContinuousClock.now
        var problems = deed.problems
        let deadline = end + Self.recoveryLimit
        for post in stage.fleet.servers { await serves(post, stage, until: deadline) }
        let unserved = (ContinuousClock.now - end).asSeconds
        if fault == .freezeDB, unserved > Self.thawLimitSeconds {
            problems.append("ready after \(ChaosReport.text(unserved)) s")
        }
        let isWell = await recover(stage, fault, until: deadline)
        let took = (ContinuousClock.now - end).asSeconds
        if !isWell { problems.append("not well again within \(Self.recoveryLimit)") }
        for key in deed.owed { await stage.load.askAgain(key) }
        return ChaosReport.Phase(
            fault: fault, seconds: (end - begin).asSeconds, deed: deed.text, recoverySeconds: isWell ? took : nil,
            problems: problems)
    }

    /// A fault that cannot be made is a finding of its own; the checks that follow still count.
    private func attempt(_ fault: Fault, _ stage: Stage) async throws -> Stage.Deed {
        do {
            return try await stage.run(fault)
        } catch let error where !(error is CancellationError) {
            return Stage.Deed(text: "broken off", problems: ["\(error)"])
        }
    }

    /// Waits until an orchestrator is ready, or the time is up; nil in that case.
    @discardableResult
    private func serves(
        _ post: ChaosFleet.Post, _ stage: Stage, until deadline: ContinuousClock.Instant
    ) async -> Client? {
        while ContinuousClock.now < deadline, !Task.isCancelled {
            if let client = stage.fleet.client(post), await stage.load.isReady(client) { return client }
            try? await Task.sleep(for: .milliseconds(50))  // only cancellation throws here
        }
        return nil
    }

    /// Every orchestrator is ready, and takes a task that is then done.
    private func recover(_ stage: Stage, _ fault: Fault, until deadline: ContinuousClock.Instant) async -> Bool {
        for (number, post) in stage.fleet.servers.enumerated() {
            let key = "well-\(fault.rawValue)-\(stage.seed)-\(number)"
            guard let client = await serves(post, stage, until: deadline),
                await stage.load.probe(client, key: key, until: deadline)
            else { return false }
        }
        return true
    }

    // MARK: Rest

    /// Waits until all requests are answered and every task has ended, or the time is up.
    private func rest(_ fleet: ChaosFleet, _ submitting: Task<Void, Never>) async {
        let end = ContinuousClock.now + .seconds(plan.restSeconds)
        let giveUp = Task {
            try? await Task.sleep(until: end)  // only cancellation throws here, and then nobody waits
            submitting.cancel()
        }
        await submitting.value
        giveUp.cancel()
        while ContinuousClock.now < end, !Task.isCancelled {
            // A question that fails is asked again until the time is up.
            if let client = fleet.clients.first, (try? await isAtRest(client)) == true { return }  // see above
            try? await Task.sleep(for: .milliseconds(200))  // only cancellation throws here
        }
    }

    private func isAtRest(_ client: Client) async throws -> Bool {
        for state in ["ready", "running", "scheduled", "parked"] {
            if try await !client.ask(.get, "/v1/tasks?limit=1&state=\(state)").items.isEmpty { return false }
        }
        if try await forgive(client) > 0 { return false }
        return try await client.list("/v1/scans").allSatisfy { !["queued", "running"].contains($0["state"]?.text) }
    }

    /// A sound file whose readers were killed too often is a dead letter; an operator sends it back.
    private func forgive(_ client: Client) async throws -> Int {
        var count = 0
        for task in try await client.list("/v1/tasks?state=dead") {
            guard let id = task["id"]?.int, let message = task["last_failure"]?["message"]?.text,
                message.contains("SIGKILL") || message.contains("worker")
            else { continue }
            _ = try await client.ask(.post, "/v1/tasks/\(id)/retry")
            say("sent back task \(id): \(message)")
            count += 1
        }
        return count
    }

    // MARK: Judgement

    private func judge(_ setting: Setting, _ fleet: ChaosFleet, _ load: Load, _ report: inout ChaosReport) async throws
    {
        let promises = load.promises
        report.acknowledged = promises.tasks.count
        report.requests = promises.requests
        report.staleResults = fleet.staleResults
        report.restarts = fleet.gaveUp
        report.other += fleet.crashes
        let database = try setting.engine.open()
        try await Judgement(promises: promises, database: database).judge(&report)
        if plan.workerProgram != .unfenced {
            let difference = try await compare(setting.lab, fleet, database)
            if !difference.isEmpty { report.other.append("the catalogue differs:\n" + difference) }
        }
        report.other += try await fleet.stop()
        try database.close()
        report.other += try await setting.engine.damage().map { "the database is damaged: \($0)" }
    }

    /// The same folder, seen by a server that nobody disturbs.
    private func compare(_ lab: Lab, _ fleet: ChaosFleet, _ database: any Database) async throws -> String {
        guard let client = fleet.clients.first else { return "no orchestrator answers" }
        let calm = try Lab()
        let server = try await ServerProcess.start(calm, .up, music: [plan.music])
        try await server.api.allScansEnded(.seconds(600))
        let difference = try await Snapshot(server.api, root: plan.music)
            .difference(try await Snapshot(client, root: plan.music))
        let expected = try await Rows(calm).vectors(root: plan.music)
        let found = try await Rows(database).vectors(root: plan.music)
        return difference + (expected == found ? "" : "\n\(expected.count) vectors, and \(found.count) or others")
    }
}
