import Domain
import Logging
import Telemetry

/// What goes on beside the lanes: the heartbeat, the look-out for cancelled tasks, and the end of the grace time.
extension Worker {
    func keepAlive() async {
        var beats = 0
        let loop = loops?.begin("heartbeat")
        defer { loop?.ends() }
        while !drained.isRaised && !Task.isCancelled {
            loop?.sleeps(timing.heartbeat)
            await pause(timing.heartbeat)
            if Task.isCancelled { return }
            let hadArrivals = running.takeArrivals()
            let ids = running.held
            beats += 1
            // A claim makes the lease short, also when its tasks have ended before this beat.
            guard !ids.isEmpty || hadArrivals || beats >= timing.heartbeatsPerIdleRenewal else { continue }
            beats = 0
            let beat = timing.heartbeat / .seconds(1)
            let beatsPromised = timing.leaseHeartbeats + (ids.isEmpty ? timing.heartbeatsPerIdleRenewal : 0)
            let heartbeat = Heartbeat(
                worker: registration.id, running: ids, leaseSeconds: beat * Double(beatsPromised),
                draining: stopping.isRaised)
            // No broker tries this for long: a lease would be lost meanwhile.
            loop?.asks()
            do {
                let cancelled = try await counting(.renew) { try await broker.renew(heartbeat) }
                for id in cancelled { running.cancel(id) }
            } catch {
                logger.warning("The heartbeat failed", metadata: [LogKeys.error: "\(error)"])
                beats = timing.heartbeatsPerIdleRenewal  // the next one tries again
                end(because: error)
            }
        }
    }

    func watchForCancellations() async {
        while !drained.isRaised && !Task.isCancelled {
            await pause(timing.cancellationPoll)
            if Task.isCancelled { return }
            if running.isEmpty { continue }
            do {
                let cancelled = try await counting(.cancellations) {
                    try await broker.cancellations(worker: registration.id)
                }
                for id in cancelled { running.cancel(id) }
            } catch {
                logger.warning("Asking for cancelled tasks failed", metadata: [LogKeys.error: "\(error)"])
            }
        }
    }

    func limitDrain() async {
        await stopping.wait()
        if Task.isCancelled { return }
        await pause(timing.drainGrace)
        if Task.isCancelled { return }
        running.cancelAll()
        await endMedia()
    }
}
