import Foundation
import Telemetry

/// The machine below this process, read when somebody asks: heat, disks, and what the process takes of it.
struct MachineMetrics: MetricsSource {
    /// Folders whose disks are of interest.
    let folders: [WrittenFolder: String]
    var files = SystemFiles()

    func samples() async -> [MetricSample] {
        heat + throttling + disks + process
    }

    private var heat: [MetricSample] {
        DeviceSensors(files: files).celsius.map { [Metrics.device.temperature.sample($0)] } ?? []
    }

    private var throttling: [MetricSample] {
        guard let now = DeviceSensors(files: files).throttling else { return [] }
        return Throttling.allCases.map { Metrics.device.throttled.sample(now.contains($0) ? 1 : 0, $0) }
    }

    private var disks: [MetricSample] {
        WrittenFolder.allCases.flatMap { folder -> [MetricSample] in
            var status = statvfs()
            guard let path = folders[folder], statvfs(path, &status) == 0 else { return [] }
            let block = Double(status.f_frsize)
            return [
                Metrics.device.diskFree.sample(Double(status.f_bavail) * block, folder),
                Metrics.device.diskSize.sample(Double(status.f_blocks) * block, folder),
            ]
        }
    }

    private var process: [MetricSample] {
        var samples: [MetricSample] = []
        // Behind the name, which may hold anything: state is field 3, utime 14, stime 15, starttime 22, rss 24.
        let fields = (files.line("/proc/self/stat") ?? "").split(separator: ")").last?.split(separator: " ") ?? []
        if fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]),
            let start = Double(fields[19]), let pages = Double(fields[21])
        {
            let ticks = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
            samples += [
                Metrics.process.cpu.sample((user + system) / ticks),
                Metrics.process.resident.sample(pages * Double(sysconf(Int32(_SC_PAGESIZE)))),
            ]
            if let boot { samples.append(Metrics.process.start.sample(boot + start / ticks)) }
        }
        if let open = try? FileManager.default.contentsOfDirectory(atPath: files.root + "/proc/self/fd") {  // no proc
            samples.append(Metrics.process.openFiles.sample(open.count))
        }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            samples.append(Metrics.process.openFilesMax.sample(Double(limit.rlim_cur)))
        }
        return samples
    }

    /// Seconds since the epoch.
    private var boot: Double? {
        let line = (files.text("/proc/stat") ?? "").split(separator: "\n").first { $0.hasPrefix("btime ") }
        return line.flatMap { Double($0.dropFirst("btime ".count)) }
    }
}
