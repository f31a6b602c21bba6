import Audio
import Domain
import Foundation
import Telemetry

/// What the doctor says of the machine as it is at this moment.
enum DeviceChecks {
    static func all(_ settings: Settings, files: SystemFiles = SystemFiles()) -> [DoctorReport.Check] {
        let sensors = DeviceSensors(files: files)
        let reading = sensors.reading
        return [
            temperature(reading.celsius), throttling(sensors), memory(reading, files), battery(reading),
            hours(settings.hours), codecs(),
        ].compactMap(\.self)
    }

    private static func temperature(_ celsius: Double?) -> DoctorReport.Check {
        guard let celsius else {
            return .init(name: "temperature", verdict: .fine, detail: "this machine does not tell")
        }
        let isHot = celsius >= WorkGovernor.targetCelsius
        return .init(
            name: "temperature", verdict: isHot ? .warning : .fine,
            detail:
                "\(Readable.decimal(celsius, 1)) °C; from \(Int(WorkGovernor.targetCelsius)) °C on, fewer files are "
                + "analysed at once, from \(Int(WorkGovernor.stopCelsius)) °C on none")
    }

    private static func throttling(_ sensors: DeviceSensors) -> DoctorReport.Check {
        guard let now = sensors.throttling else {
            return .init(name: "throttling", verdict: .fine, detail: "this machine does not tell")
        }
        let causes = now.map(\.rawValue).sorted().joined(separator: ", ")
        return .init(
            name: "throttling", verdict: now.isEmpty ? .fine : .warning,
            detail: now.isEmpty ? "none now" : "\(causes): one file is analysed at a time")
    }

    private static func memory(_ reading: DeviceReading, _ files: SystemFiles) -> DoctorReport.Check {
        let pressure =
            reading.memoryPressure.map { "waited for in \(Readable.decimal($0, 1)) % of the last ten seconds" }
            ?? "the kernel does not tell who waits for it (psi=1)"
        let verdict: DoctorReport.Verdict =
            reading.memoryPressure ?? 0 >= WorkGovernor.pressureMax ? .warning : .fine
        switch ControlGroup.limitsMemory(files) {
        case true?: return .init(name: "memory", verdict: verdict, detail: pressure + "; limits of control groups hold")
        case false?:
            return .init(
                name: "memory", verdict: .warning,
                detail: pressure + "; limits such as MemoryMax have no effect: the kernel's memory controller is off "
                    + "(cgroup_enable=memory in /boot/firmware/cmdline.txt)")
        case nil: return .init(name: "memory", verdict: verdict, detail: pressure + "; no control groups")
        }
    }

    private static func battery(_ reading: DeviceReading) -> DoctorReport.Check? {
        guard let isOnBattery = reading.isOnBattery else { return nil }
        return .init(
            name: "power", verdict: isOnBattery ? .warning : .fine,
            detail: isOnBattery ? "from the battery: half as many files are analysed at once" : "from the mains")
    }

    private static func hours(_ hours: WorkHours) -> DoctorReport.Check {
        func list(_ spans: [DailySpan]) -> String { spans.map(\.description).joined(separator: ", ") }
        var parts = [hours.heavy.isEmpty ? "at any time" : "from \(list(hours.heavy)) only"]
        if !hours.quiet.isEmpty { parts.append("never from \(list(hours.quiet))") }
        return .init(
            name: "heavy work", verdict: .fine,
            detail: parts.joined(separator: ", ") + " (SILLON_HEAVY_HOURS, SILLON_QUIET_HOURS); it is \(clock()) here")
    }

    /// With the time zone, by which the hours go: a container has that of the machine only when told.
    private static func clock() -> String {
        var now = time(nil)
        var parts = tm()
        localtime_r(&now, &parts)
        var text = [CChar](repeating: 0, count: 64)
        strftime(&text, text.count, "%H:%M %Z", &parts)
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Decoders without which most libraries are not heard; a build of libav often lacks a few that nobody has met.
    private static let common: Set = ["aac", "alac", "flac", "mp3float", "opus", "vorbis"]

    private static func codecs() -> DoctorReport.Check {
        let allowed = MediaHostCheck.allowed()
        let detail =
            "\(allowed.formats) containers and \(allowed.decoders) decoders of audio are allowed, nothing else is opened; "
            + "encoders for listeners: \(allowed.encoders.isEmpty ? "none" : allowed.encoders.joined(separator: ", "))"
        return .init(
            name: "codecs",
            verdict: allowed.encoders.isEmpty || !common.isDisjoint(with: allowed.missing) ? .warning : .fine,
            detail: allowed.missing.isEmpty
                ? detail : detail + "; this build of libav lacks \(allowed.missing.joined(separator: ", "))")
    }
}
