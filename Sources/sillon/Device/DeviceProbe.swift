import Domain
import Foundation

/// Finds out what this machine, and the part of it that this process may use, can bear.
struct DeviceProbe: Sendable {
    let files: SystemFiles
    /// Processors that the scheduler lets this process run on (`sched_getaffinity`).
    let usableProcessors: Int

    init(
        files: SystemFiles = SystemFiles(), usableProcessors: Int = ProcessInfo.processInfo.activeProcessorCount
    ) {
        self.files = files
        self.usableProcessors = usableProcessors
    }

    /// When the machine does not tell its memory, it is taken for a small one.
    static let assumedMemoryBytes: Int64 = 1 << 30

    func findings() -> DeviceFindings {
        let group = ControlGroup(files: files)
        let total = installedMemory()
        var cores = max(1, usableProcessors)
        if let limit = group.processorLimit, limit < Double(cores) { cores = max(1, Int(limit.rounded(.up))) }
        let memory = min(total ?? Self.assumedMemoryBytes, group.memoryLimit ?? .max)
        return DeviceFindings(
            profile: DeviceProfile(model: model(), cores: cores, memoryBytes: memory),
            usableProcessors: usableProcessors, processorLimit: group.processorLimit,
            processorSource: group.processorSource, installedMemoryBytes: total,
            memoryLimitBytes: group.memoryLimit, memorySource: group.memorySource)
    }

    /// The device tree names a board ("Raspberry Pi 4 Model B Rev 1.4"); elsewhere the processor stands for the machine.
    private func model() -> String {
        if let board = files.line("/proc/device-tree/model") ?? files.line("/sys/firmware/devicetree/base/model") {
            return board
        }
        let lines = (files.text("/proc/cpuinfo") ?? "").split(separator: "\n")
        for name in ["Model", "model name", "Hardware"] {
            for line in lines {
                let parts = line.split(separator: ":", maxSplits: 1)
                guard parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == name else { continue }
                let value = parts[1].trimmingCharacters(in: .whitespaces)
                if !value.isEmpty { return value }
            }
        }
        return "unknown"
    }

    /// `MemTotal:  3884384 kB`, in bytes.
    private func installedMemory() -> Int64? {
        for line in (files.text("/proc/meminfo") ?? "").split(separator: "\n") where line.hasPrefix("MemTotal:") {
            let digits = line.drop { !$0.isASCII || !$0.isNumber }.prefix { $0.isASCII && $0.isNumber }
            guard let kilobytes = Int64(digits) else { return nil }
            let (bytes, overflow) = kilobytes.multipliedReportingOverflow(by: 1024)
            return overflow || bytes == 0 ? nil : bytes
        }
        return nil
    }
}
