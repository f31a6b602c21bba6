import Domain
import Foundation
import Integrations
import Synchronization
import TestSupport
import Testing
import UseCases

@testable import sillon

extension OutsideTests {
    /// Each service in each trouble: what becomes of the task, of its attempts, of the breaker, and of everybody else.
    struct FaultScenarioTests {
        private struct Scene {
            let world: OutsideWorld
            let desk: OutsideDesk
            let errand: Errand
            let trouble: Trouble
            let task: Int64
            /// Requests before the trouble.
            let before: Int

            var requests: Int { get throws { try world.requests(errand, trouble) - before } }
            var title: String { "\(errand.rawValue), \(trouble.rawValue)" }
        }

        @Test("What becomes of a task is as the table says, and all goes on by itself", arguments: Errand.allCases)
        func table(errand: Errand) async throws {
            let world = try await OutsideWorld()
            for trouble in Trouble.allCases {
                let network = Self.network(trouble)
                let desk = try await world.desk(
                    edit: { if trouble == .nameLeadsInside { try Self.giveName(errand.service, world, &$0) } },
                    network: network.network)
                // Where the name leads while it leads inside.
                let inside =
                    trouble == .nameLeadsInside
                    ? try await Tripwire(host: "127.0.0.2", port: world.port(errand.service)) : nil
                let task = try await desk.submit(errand)
                let scene = Scene(
                    world: world, desk: desk, errand: errand, trouble: trouble, task: task,
                    before: try world.requests(errand, trouble))
                try await world.begin(trouble, of: errand)
                try await meet(scene)
                try await othersGoOn(scene)
                try await endure(scene)
                #expect(world.inner.connections == 0 && inside?.connections ?? 0 == 0, "\(scene.title)")
                network.isInside.value.withLock { $0 = false }
                try await world.end(trouble, of: errand)
                try await recover(scene)
                await desk.close()
            }
            try await world.stop()
        }

        // MARK: Acts

        /// The first attempt.
        private func meet(_ scene: Scene) async throws {
            #expect(try await scene.desk.work([scene.errand.kind]) == 1)
            let expected = TroubleExpectation.of(scene.errand, scene.trouble)
            let task = try await scene.desk.task(scene.task)
            #expect(task.state == .scheduled && task.failures == expected.failures, "\(scene.title): \(task)")
            #expect(task.lastFailure?.reason == expected.reason, "\(scene.title): \(task)")
            let wait = Double((task.runAt ?? 0) - scene.desk.time.microseconds()) / 1_000_000
            #expect(wait >= expected.earliest - 0.01 && wait <= expected.latest, "\(scene.title): \(wait) s")
            #expect(try await scene.desk.status(of: scene.errand.service).state == expected.breaker, "\(scene.title)")
            #expect(try scene.requests == expected.requests, "\(scene.title)")
        }

        /// Tasks that need other services.
        private func othersGoOn(_ scene: Scene) async throws {
            let others: [Errand] = [.lastFMFacts, .listenBrainzFacts, .musicBrainzFacts, .napsterFacts]
            var tasks: [Int64] = []
            for other in others where other.service != scene.errand.service {
                tasks.append(try await scene.desk.submit(other))
            }
            for _ in tasks { try await scene.desk.work() }
            for task in tasks {
                let ended = try await scene.desk.task(task)
                #expect(ended.state == .done, "\(scene.title): \(ended)")
            }
        }

        /// The trouble lasts: the breaker opens, and from then on nothing is charged.
        private func endure(_ scene: Scene) async throws {
            let policy = ServiceProfile.of(scene.errand.service).policy
            var charged: Int?
            for _ in 0..<9 {
                try await comeToTurn(scene)
                let status = try await scene.desk.status(of: scene.errand.service)
                let task = try await scene.desk.task(scene.task)
                #expect(task.state == .scheduled, "\(scene.title): \(task)")
                guard status.state == .open || status.state == .blocked else { continue }
                #expect(charged == nil || task.failures == charged, "\(scene.title): \(task)")
                charged = task.failures
            }
            #expect(charged != nil && charged ?? 9 <= policy.breaker.failuresToOpen, "\(scene.title)")
        }

        /// The trouble is over.
        private func recover(_ scene: Scene) async throws {
            let start = scene.desk.time.seconds
            var task = try await scene.desk.task(scene.task)
            for _ in 0..<6 where task.state == .scheduled {
                try await comeToTurn(scene)
                task = try await scene.desk.task(scene.task)
            }
            if scene.errand == .slskdDownload {
                #expect(task.state == .dead && task.lastFailure?.message.contains("nobody shares") == true, "\(task)")
            } else {
                #expect(task.state == .done, "\(scene.title): \(task)")
            }
            #expect(try await scene.desk.status(of: scene.errand.service).state == .closed, "\(scene.title)")
            // What asks for an hour gets it, and half of it more at most; else nothing waits for more than a quarter of
            // an hour. The work itself takes time, too.
            let limit: Double = scene.trouble == .busyForAnHour ? 7200 : 1800
            #expect(scene.desk.time.seconds - start <= limit, "\(scene.title)")
        }

        /// Time goes on until the task is due, and it is begun if its service may be asked.
        private func comeToTurn(_ scene: Scene) async throws {
            let runAt = try await scene.desk.task(scene.task).runAt ?? 0
            let rest = Double(runAt - scene.desk.time.microseconds()) / 1_000_000
            scene.desk.time.advance(max(0, rest) + 0.001)
            if try await scene.desk.work([scene.errand.kind]) > 0 { return }
            // The lane sleeps until the service may be asked.
            scene.desk.time.advance(scene.desk.outside.caller(scene.errand.service)?.pauseSeconds ?? 0)
            try await scene.desk.work([scene.errand.kind])
        }

        // MARK: Names

        private final class Inside: Sendable {
            let value: Mutex<Bool>

            init(_ isInside: Bool) { value = Mutex(isInside) }
        }

        /// As if 127.0.0.1 were somewhere on the internet, and 127.0.0.2 this machine.
        private static func network(_ trouble: Trouble) -> (network: ServiceNetwork, isInside: Inside) {
            let isInside = Inside(trouble == .nameLeadsInside)
            guard trouble == .nameLeadsInside else { return (.system, isInside) }
            let resolver = NameResolver { _ in
                [try #require(NetworkAddress(isInside.value.withLock(\.self) ? "127.0.0.2" : "127.0.0.1"))]
            }
            let network = ServiceNetwork(resolver: resolver) { address in
                address.description == "127.0.0.1" ? nil : SpecialRange.of(address)
            }
            return (network, isInside)
        }

        /// The service is where a name leads that nobody but the program named.
        private static func giveName(
            _ service: ServiceID, _ world: OutsideWorld, _ settings: inout ServiceSettings
        ) throws {
            let old = settings[service]
            let path = old.address.flatMap { URL(string: $0.url)?.path } ?? ""
            let url = "http://\(service.rawValue).test:\(try world.port(service))\(path)"
            settings.entries[service] = ServiceSettings.Entry(
                service: service, address: try ServiceAddress(url), isNamed: false, key: old.key, secret: old.secret,
                hosts: old.hosts, rate: old.rate)
        }
    }
}
