import Domain
import Foundation
import Telemetry
import Testing

@testable import sillon

@Suite struct DeviceSensorsTests {
    /// A made-up /proc and /sys.
    private final class Tree {
        let root = NSTemporaryDirectory() + "sillon-sensors-\(UUID().uuidString)"
        var files: SystemFiles { SystemFiles(root: root) }

        init(_ files: [String: String] = [:], links: [String: String] = [:]) throws {
            for (path, text) in files { try makeRoom(path).write(text) }
            for (path, target) in links {
                try FileManager.default.createSymbolicLink(
                    atPath: makeRoom(path).path, withDestinationPath: root + target)
            }
        }

        private struct Place {
            let path: String
            func write(_ text: String) throws { try text.write(toFile: path, atomically: false, encoding: .utf8) }
        }

        private func makeRoom(_ path: String) throws -> Place {
            let file = root + path
            try FileManager.default.createDirectory(
                atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            return Place(path: file)
        }

        deinit {
            try? FileManager.default.removeItem(atPath: root)  // it lies in the folder for temporary files
        }
    }

    @Test("A machine that tells nothing is not known, rather than cool and calm")
    func nothing() throws {
        #expect(DeviceSensors(files: try Tree().files).reading == DeviceReading())
    }

    @Test("A Raspberry Pi that is hot and throttled says so")
    func raspberry() throws {
        let tree = try Tree([
            "/sys/class/thermal/thermal_zone0/temp": "81500\n",
            "/sys/class/thermal/thermal_zone0/type": "cpu-thermal\n",
            "/sys/class/thermal/thermal_zone1/temp": "60000\n",
            "/sys/class/thermal/thermal_zone1/type": "soc_thermal\n",
            "/sys/devices/platform/soc/soc:firmware/get_throttled": "50005\n",
            "/proc/pressure/memory": "some avg10=12.50 avg60=3.00 avg300=0.10 total=99\nfull avg10=1.00 total=9\n",
        ])
        let sensors = DeviceSensors(files: tree.files)
        #expect(sensors.throttling == [.undervoltage, .throttled])
        #expect(sensors.reading == DeviceReading(celsius: 81.5, isThrottled: true, memoryPressure: 12.5))
    }

    @Test("A PC's processor, its other zones and a broken sensor hold nothing back")
    func pc() throws {
        let tree = try Tree([
            "/sys/class/thermal/thermal_zone0/temp": "96000\n",
            "/sys/class/thermal/thermal_zone0/type": "x86_pkg_temp\n",
            "/sys/class/thermal/thermal_zone1/temp": "87000\n", "/sys/class/thermal/thermal_zone1/type": "acpitz\n",
            "/sys/class/thermal/thermal_zone2/temp": "999000\n",
            "/sys/class/thermal/thermal_zone2/type": "cpu-thermal\n",
        ])
        let sensors = DeviceSensors(files: tree.files)
        #expect(sensors.reading.celsius == nil && sensors.celsius == 96)
    }

    @Test(
        "The firmware's word is found wherever the kernel puts it; where it tells nothing, its voltage alarm counts",
        arguments: [
            (["/sys/devices/platform/soc/soc:firmware/get_throttled": "5"], [.undervoltage, .throttled]),
            (
                ["/sys/devices/platform/soc@107c000000/soc@107c000000:firmware/get_throttled": "4\n"],
                [.throttled]
            ),
            (["/sys/devices/platform/soc@107c000000:firmware/get_throttled": "0"], []),
            (
                ["/sys/class/hwmon/hwmon1/name": "rpi_volt\n", "/sys/class/hwmon/hwmon1/in0_lcrit_alarm": "1\n"],
                [.undervoltage]
            ),
            (["/sys/class/hwmon/hwmon1/name": "rpi_volt", "/sys/class/hwmon/hwmon1/in0_lcrit_alarm": "0"], []),
            (["/sys/class/hwmon/hwmon0/name": "nvme", "/sys/class/hwmon/hwmon0/in0_lcrit_alarm": "1"], nil),
        ] as [([String: String], Set<Throttling>?)])
    func places(files: [String: String], expected: Set<Throttling>?) throws {
        let tree = try Tree(files)
        #expect(DeviceSensors(files: tree.files).throttling == expected)
    }

    @Test("What was throttled before this moment does not count")
    func past() throws {
        let tree = try Tree(["/sys/devices/platform/soc/soc:firmware/get_throttled": "50000"])
        #expect(DeviceSensors(files: tree.files).reading.isThrottled == false)
    }

    @Test("The own control group's pressure counts before the machine's")
    func pressure() throws {
        let tree = try Tree([
            "/proc/self/cgroup": "0::/system.slice/sillon.service\n",
            "/sys/fs/cgroup/system.slice/sillon.service/memory.pressure": "some avg10=33.00 avg60=0 avg300=0 total=1\n",
            "/proc/pressure/memory": "some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n",
        ])
        #expect(DeviceSensors(files: tree.files).reading.memoryPressure == 33)
    }

    @Test(
        "A battery that empties counts, unless the mains are there or it is a mouse's",
        arguments: [
            (["BAT0/type": "Battery", "BAT0/status": "Discharging", "AC/type": "Mains", "AC/online": "0"], true),
            (["BAT0/type": "Battery", "BAT0/status": "Discharging", "AC/type": "Mains", "AC/online": "1"], false),
            (["BAT0/type": "Battery", "BAT0/status": "Full"], false),
            (["hid/type": "Battery", "hid/scope": "Device", "hid/status": "Discharging"], nil),
        ] as [([String: String], Bool?)])
    func battery(supplies: [String: String], expected: Bool?) throws {
        let tree = try Tree(
            Dictionary(uniqueKeysWithValues: supplies.map { ("/sys/class/power_supply/" + $0.key, $0.value) }))
        #expect(DeviceSensors(files: tree.files).reading.isOnBattery == expected)
    }

    @Test(
        "Storage is known by where its device hangs",
        arguments: [
            (
                "/sys/devices/platform/emmc2bus/fe340000.mmc/mmc_host/mmc0/mmc0:aaaa/block/mmcblk0/mmcblk0p2", "0",
                "card"
            ),
            ("/sys/devices/pci0000:00/0000:00:1c.0/nvme/nvme0/nvme0n1", "0", "flash"),
            ("/sys/devices/platform/scb/usb2/2-1/host0/target0:0:0/block/sda/sda1", "1", "disk"),
            ("/sys/devices/platform/scb/usb2/2-1/host0/target0:0:0/block/sda/sda1", "0", "flash"),
            ("/sys/devices/pci0000:00/0000:00:04.0/virtio1/block/vda", "1", "virtual"),
        ])
    func storage(place: String, rotational: String, expected: String) throws {
        let isPartition = place.last == "1" && place.contains("/sda/") || place.contains("mmcblk0p")
        let disk = isPartition ? (place as NSString).deletingLastPathComponent : place
        let tree = try Tree(
            [place + "/uevent": "", disk + "/queue/rotational": rotational], links: ["/sys/dev/block/8:1": place])
        #expect("\(StorageProbe(files: tree.files).kind(device: "8:1"))" == expected)
        #expect(StorageProbe(files: tree.files).kind(device: "9:9") == .unknown)
    }

    @Test("Control groups of version 1 limit memory and processors too")
    func versionOne() throws {
        let tree = try Tree([
            "/proc/self/cgroup": "4:memory:/docker/abc\n1:cpu,cpuacct:/docker/abc\n0::/\n",
            "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
            "/sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes": "536870912\n",
            "/sys/fs/cgroup/cpu/docker/abc/cpu.cfs_quota_us": "50000\n",
            "/sys/fs/cgroup/cpu/docker/abc/cpu.cfs_period_us": "100000\n",
            "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n", "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
        ])
        let group = ControlGroup(files: tree.files)
        #expect(group.memoryLimit == 512 << 20 && group.processorLimit == 0.5)
        #expect(group.memorySource == "/sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes")
        #expect(ControlGroup.limitsMemory(tree.files) == true)
    }

    @Test("A Raspberry Pi whose kernel starts without the memory controller is told apart")
    func noController() throws {
        let tree = try Tree(["/sys/fs/cgroup/cgroup.controllers": "cpuset cpu io pids\n"])
        #expect(ControlGroup.limitsMemory(tree.files) == false)
    }
}
