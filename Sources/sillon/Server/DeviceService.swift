import Domain
import Foundation
import Logging
import ServiceLifecycle
import Telemetry
import UseCases

/// Looks at the device every few seconds, and holds heavy work back where it asks for that.
struct DeviceService: Service {
    let worker: Worker
    let slots: Int
    let hours: WorkHours
    var sensors = DeviceSensors()
    let logger: Logger

    /// Empty for a worker that has no heavy work.
    static func all(
        for worker: Worker, roles: Set<Role>, _ profile: DeviceProfile, _ hours: WorkHours, logger: Logger
    ) -> [any Service] {
        guard roles.contains(.audio) else { return [] }
        return [DeviceService(worker: worker, slots: profile.audioSlots, hours: hours, logger: logger)]
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var governor = WorkGovernor(slots: slots)
            var told: WorkHold?
            while !Task.isCancelled {
                governor.step(sensors.reading, isHour: hours.allow(minute: Self.minuteOfDay()))
                Metrics.device.heavySlots.set(Double(governor.hold?.slots ?? slots))
                if governor.hold != told, await tell(governor.hold) { told = governor.hold }
                try? await Task.sleep(for: .seconds(WorkGovernor.stepSeconds))  // only cancellation throws
            }
        }
    }

    private func tell(_ hold: WorkHold?) async -> Bool {
        do {
            try await worker.tell(hold)
        } catch {
            // The work itself is held back already; the next step tells again.
            logger.debug("The server could not be told", metadata: [LogKeys.error: "\(error)"])
            return false
        }
        guard let hold else {
            logger.notice("Heavy work goes on as before", metadata: [LogKeys.slots: "\(slots)"])
            return true
        }
        logger.notice(
            "Heavy work is held back",
            metadata: [
                LogKeys.slots: "\(hold.slots)",
                LogKeys.reason: "\(hold.causes.map(\.rawValue).joined(separator: ","))",
            ])
        return true
    }

    /// By the clock on the wall of the server's time zone.
    static func minuteOfDay() -> Int {
        var now = time(nil)
        var parts = tm()
        localtime_r(&now, &parts)
        return Int(parts.tm_hour) * 60 + Int(parts.tm_min)
    }
}
