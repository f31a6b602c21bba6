import Foundation

/// The clock of leases and deadlines: it never jumps when the time of day is set, and it counts while the device sleeps.
///
/// Two times may be compared only when they were taken in the same boot; a worker of another boot is dead.
package struct LeaseClock: Sendable {
    package let bootID: String
    /// Microseconds since the boot.
    package let now: @Sendable () -> Int64
    /// In transactions the database server's time counts: devices that share it have no other clock in common.
    let isOfServer: Bool

    package init(bootID: String, now: @escaping @Sendable () -> Int64) {
        self.init(bootID: bootID, isOfServer: false, now: now)
    }

    private init(bootID: String, isOfServer: Bool, now: @escaping @Sendable () -> Int64) {
        self.bootID = bootID
        self.isOfServer = isOfServer
        self.now = now
    }

    /// What suits the engine.
    static func suiting(_ dialect: Dialect) -> LeaseClock {
        let local = system()
        return dialect == .sqlite ? local : LeaseClock(bootID: "server", isOfServer: true, now: local.now)
    }

    /// CLOCK_BOOTTIME of this machine.
    package static func system() -> LeaseClock {
        // Where there is no boot id there is one boot: a lease then ends late rather than early.
        let text = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)  // see above
        let bootID = text?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "this boot"
        return LeaseClock(bootID: bootID) {
            var time = timespec()
            clock_gettime(CLOCK_BOOTTIME, &time)
            return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
        }
    }
}
