import Domain
import Foundation
import Telemetry

/// What the kernel and the firmware tell of the device at this moment. Every file may be absent: then it is not known.
struct DeviceSensors: Sendable {
    let files: SystemFiles

    init(files: SystemFiles = SystemFiles()) {
        self.files = files
    }

    var reading: DeviceReading {
        DeviceReading(
            celsius: celsius, isThrottled: throttling.map { !$0.isEmpty }, memoryPressure: memoryPressure,
            isOnBattery: isOnBattery)
    }

    private static let zonesMax = 16

    /// Of the hottest zone; thousandths of a degree in the file.
    var celsius: Double? {
        let zones = (0..<Self.zonesMax).compactMap { files.line("/sys/class/thermal/thermal_zone\($0)/temp") }
        return zones.compactMap(Int.init).max().map { Double($0) / 1000 }
    }

    /// Bits 0 to 3 of the firmware's word tell what holds now (raspberrypi.com, "vcgencmd get_throttled").
    var throttling: Set<Throttling>? {
        let word = files.line("/sys/devices/platform/soc/soc:firmware/get_throttled").flatMap { UInt32($0, radix: 16) }
        guard let word else { return nil }
        return Set(zip(Throttling.allCases, 0...).filter { word >> $0.1 & 1 == 1 }.map(\.0))
    }

    /// Of the own control group where that tells, else of the machine: `some avg10=1.50 avg60=…`, in percent.
    var memoryPressure: Double? {
        let text = ControlGroup.pressure(files) ?? files.text("/proc/pressure/memory")
        guard let line = text?.split(separator: "\n").first(where: { $0.hasPrefix("some ") }),
            let field = line.split(separator: " ").first(where: { $0.hasPrefix("avg10=") })
        else { return nil }
        return Double(field.dropFirst("avg10=".count))
    }

    /// True while a battery empties and no other source is there (kernel, `sysfs-class-power`); nil without a battery.
    /// Batteries of mice and keyboards (`scope` Device) do not count.
    var isOnBattery: Bool? {
        let supplies = files.names(in: "/sys/class/power_supply").map { "/sys/class/power_supply/\($0)" }
        let batteries = supplies.filter {
            files.line($0 + "/type") == "Battery" && files.line($0 + "/scope") != "Device"
        }
        guard !batteries.isEmpty else { return nil }
        if supplies.contains(where: { files.line($0 + "/online") == "1" }) { return false }
        return batteries.contains { files.line($0 + "/status") == "Discharging" }
    }
}
