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
            celsius: processorCelsius, isThrottled: throttling.map { !$0.isEmpty }, memoryPressure: memoryPressure,
            isOnBattery: isOnBattery)
    }

    private static let zonesMax = 16

    /// Of the hottest zone, whatever it is.
    var celsius: Double? { zones.map(\.celsius).max() }

    /// Of the processor of a board such as the Raspberry Pi, which is called by its part of the device tree (`cpu-thermal`,
    /// `soc_thermal`). PCs are left to themselves: their processors are made for heat at which a board slows down, and their
    /// other zones tell of anything.
    var processorCelsius: Double? {
        zones.filter { zone in ["cpu", "soc"].contains { zone.type.hasPrefix($0) } }.map(\.celsius).max()
    }

    /// Thousandths of a degree in the file; what no processor survives is a sensor that is broken.
    private var zones: [(type: String, celsius: Double)] {
        (0..<Self.zonesMax).compactMap { number in
            let folder = "/sys/class/thermal/thermal_zone\(number)"
            guard let celsius = files.line(folder + "/temp").flatMap(Int.init).map({ Double($0) / 1000 }),
                (-40...150).contains(celsius)
            else { return nil }
            return (files.line(folder + "/type") ?? "", celsius)
        }
    }

    /// Bits 0 to 3 of the firmware's word tell what holds now (raspberrypi.com, "vcgencmd get_throttled").
    var throttling: Set<Throttling>? {
        guard let word = throttledWord else { return voltageAlarm.map { $0 ? [.undervoltage] : [] } }
        return Set(zip(Throttling.allCases, 0...).filter { word >> $0.1 & 1 == 1 }.map(\.0))
    }

    /// Below the part of the device tree that the firmware is: `soc/soc:firmware`, on a Raspberry Pi 5
    /// `soc@107c000000/soc@107c000000:firmware`.
    private var throttledWord: UInt32? {
        let platform = "/sys/devices/platform"
        let parts = files.names(in: platform).filter { $0.hasPrefix("soc") }
        let firmware = parts.flatMap { part in
            files.names(in: "\(platform)/\(part)").filter { $0.hasSuffix(":firmware") }.map { "\(part)/\($0)" }
        }
        return (firmware + parts.filter { $0.hasSuffix(":firmware") }).lazy
            .compactMap { files.line("\(platform)/\($0)/get_throttled") }
            .compactMap { UInt32($0, radix: 16) }.first
    }

    /// What newer kernels of the Raspberry Pi tell instead (driver `raspberrypi-hwmon`).
    private var voltageAlarm: Bool? {
        let folder = "/sys/class/hwmon"
        let monitor = files.names(in: folder).first { files.line("\(folder)/\($0)/name") == "rpi_volt" }
        return monitor.flatMap { files.line("\(folder)/\($0)/in0_lcrit_alarm") }.map { $0 == "1" }
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
