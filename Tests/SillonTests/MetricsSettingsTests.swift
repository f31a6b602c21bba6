import Foundation
import Telemetry
import Testing

@testable import sillon

struct MetricsSettingsTests {
    @Test(
        "The address of the numbers is a port, or an address and a port",
        arguments: [
            ("9464", "127.0.0.1", 9464), ("0.0.0.0:9464", "0.0.0.0", 9464), ("[::1]:80", "::1", 80),
            ("pi.local:0", "pi.local", 0),
        ])
    func address(_ text: String, _ host: String, _ port: Int) throws {
        let address = try #require(ListenAddress(text))
        #expect(address.host == host && address.port == port)
    }

    @Test(
        "Anything else is refused",
        arguments: [
            "", "x", ":9464", "127.0.0.1:", "127.0.0.1", "::1:9464", "1:2:3", "a:70000", "a:-1", "a:+1", "[a]:1",
        ])
    func noAddress(_ text: String) {
        #expect(ListenAddress(text) == nil)
    }

    private func machine(_ files: [String: String]) throws -> MachineMetrics {
        let root = FileManager.default.temporaryDirectory.appending(path: "sillon-machine-\(UUID().uuidString)")
        for (path, text) in files {
            let file = root.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return MachineMetrics(folders: [:], files: SystemFiles(root: root.path))
    }

    @Test("A Pi tells its heat and what holds it back now, not what did once")
    func pi() async throws {
        let samples = try await machine([
            "sys/class/thermal/thermal_zone0/temp": "48312\n",
            "sys/class/thermal/thermal_zone1/temp": "61900\n",
            "sys/devices/platform/soc/soc:firmware/get_throttled": "50005\n",
        ]).samples()
        #expect(samples.contains(Metrics.device.temperature.sample(61.9)))
        let causes: [(Throttling, Int)] = [
            (.undervoltage, 1), (.frequencyCapped, 0), (.throttled, 1), (.softTemperatureLimit, 0),
        ]
        for (cause, value) in causes { #expect(samples.contains(Metrics.device.throttled.sample(value, cause))) }
    }

    @Test("A machine that tells nothing has no such numbers, and files that make no sense are none")
    func silent() async throws {
        let samples = try await machine([
            "sys/class/thermal/thermal_zone0/temp": "hot", "proc/self/stat": "1 (a) b) c",
            "sys/devices/platform/soc/soc:firmware/get_throttled": "zz",
        ]).samples()
        let families: Set<MetricFamily> = [
            Metrics.device.temperature.family, Metrics.device.throttled.family, Metrics.process.resident.family,
        ]
        #expect(!samples.contains { families.contains($0.family) })
    }

    @Test("This process and its disk are told")
    func process() async throws {
        let start = Date().timeIntervalSince1970
        let samples = await MachineMetrics(folders: [.data: NSTemporaryDirectory()]).samples()
        func value(_ family: MetricFamily) throws -> Double {
            try #require(samples.first { $0.family == family }).value
        }
        #expect(try value(Metrics.process.resident.family) > 1_048_576)
        #expect(try value(Metrics.process.cpu.family) > 0)
        #expect(try value(Metrics.process.openFiles.family) > 2)
        let began = try value(Metrics.process.start.family)
        #expect(began > start - 86_400 * 365 && began < start + 60)
        let (free, size) = (try value(Metrics.device.diskFree.family), try value(Metrics.device.diskSize.family))
        #expect(free >= 0 && size > free)
    }
}
