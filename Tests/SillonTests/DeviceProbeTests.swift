import Domain
import Foundation
import Testing

@testable import sillon

/// A made-up /proc and /sys.
private struct Tree: ~Copyable {
    let root: String

    init(_ files: [String: String]) throws {
        root = NSTemporaryDirectory() + "sillon-probe-\(UUID().uuidString)"
        for (path, text) in files {
            let file = root + path
            try FileManager.default.createDirectory(
                atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try text.write(toFile: file, atomically: false, encoding: .utf8)
        }
    }

    func findings(processors: Int = 4) -> DeviceFindings {
        DeviceProbe(files: SystemFiles(root: root), usableProcessors: processors).findings()
    }

    deinit {
        try? FileManager.default.removeItem(atPath: root)  // it lies in the folder for temporary files
    }
}

@Suite struct DeviceProbeTests {
    @Test("A Raspberry Pi is known by its device tree, without the NUL at the end")
    func raspberry() throws {
        let tree = try Tree([
            "/proc/device-tree/model": "Raspberry Pi 4 Model B Rev 1.4\0",
            "/proc/cpuinfo": "processor : 0\nmodel name : ARMv7\n",
            "/proc/meminfo": "MemTotal:        3884384 kB\nMemFree: 1 kB\n",
        ])
        let found = tree.findings()
        #expect(found.profile.model == "Raspberry Pi 4 Model B Rev 1.4")
        #expect(found.profile.memoryBytes == 3_884_384 * 1024)
        #expect(found.profile.cores == 4)
        #expect(found.memoryLimitBytes == nil)
    }

    @Test("A PC is known by its processor")
    func pc() throws {
        let tree = try Tree(["/proc/cpuinfo": "processor\t: 0\nmodel name\t: Xeon(R) @ 2 GHz: fast\n"])
        #expect(tree.findings().profile.model == "Xeon(R) @ 2 GHz: fast")
    }

    @Test("The tightest limit on the way up the control groups counts")
    func controlGroups() throws {
        let tree = try Tree([
            "/proc/self/cgroup": "0::/user.slice/app.scope\n",
            "/proc/meminfo": "MemTotal: 8388608 kB\n",
            "/sys/fs/cgroup/user.slice/app.scope/memory.max": "max\n",
            "/sys/fs/cgroup/user.slice/memory.max": "536870912\n",
            "/sys/fs/cgroup/user.slice/app.scope/cpu.max": "150000 100000\n",
            "/sys/fs/cgroup/user.slice/cpu.max": "max 100000\n",
        ])
        let found = tree.findings()
        #expect(found.profile.memoryBytes == 536_870_912)
        #expect(found.memorySource == "/sys/fs/cgroup/user.slice/memory.max")
        #expect(found.profile.cores == 2)
        #expect(found.processorLimit == 1.5)
    }

    @Test("In a container the limits are at the mount itself")
    func container() throws {
        let tree = try Tree([
            "/proc/self/cgroup": "0::/\n", "/proc/meminfo": "MemTotal: 8388608 kB\n",
            "/sys/fs/cgroup/memory.max": "1073741824\n", "/sys/fs/cgroup/cpu.max": "50000 100000\n",
        ])
        let found = tree.findings()
        #expect(found.profile.memoryBytes == 1 << 30)
        #expect(found.profile.cores == 1)
        #expect(found.profile.isSmall)
    }

    @Test("A limit above what is installed changes nothing")
    func highLimit() throws {
        let tree = try Tree([
            "/proc/self/cgroup": "0::/\n", "/proc/meminfo": "MemTotal: 1048576 kB\n",
            "/sys/fs/cgroup/memory.max": "9223372036854771712\n", "/sys/fs/cgroup/cpu.max": "800000 100000\n",
        ])
        #expect(tree.findings().profile.memoryBytes == 1 << 30)
        #expect(tree.findings().profile.cores == 4)
    }

    @Test(
        "Nonsense and absent files end in a small, safe profile",
        arguments: [
            [:], ["/proc/meminfo": "MemTotal: lots"], ["/proc/meminfo": "MemTotal: 99999999999999999999 kB"],
            ["/proc/meminfo": "MemTotal: 9223372036854775807 kB"], ["/proc/self/cgroup": "0::/../../x\n"],
            ["/proc/self/cgroup": "garbage", "/sys/fs/cgroup/memory.max": "-1", "/sys/fs/cgroup/cpu.max": "0 0"],
        ] as [[String: String]])
    func nonsense(files: [String: String]) throws {
        let found = try Tree(files).findings(processors: 0)
        #expect(found.profile.model == "unknown")
        #expect(found.profile.cores == 1)
        #expect(found.profile.memoryBytes == DeviceProbe.assumedMemoryBytes)
    }

    @Test("The report names the reason for every choice")
    func report() throws {
        let tree = try Tree([
            "/proc/self/cgroup": "0::/\n", "/proc/meminfo": "MemTotal: 8388608 kB\n",
            "/sys/fs/cgroup/memory.max": "1073741824\n",
        ])
        let check = DoctorReport.Check(name: "ffmpeg command", verdict: .warning, detail: "not found")
        let report = DoctorReport(version: "1", device: tree.findings(), choices: [], checks: [check])
        let text = report.lines().joined(separator: "\n")
        #expect(text.contains("8192 MiB installed, held by /sys/fs/cgroup/memory.max"))
        #expect(text.contains("! ffmpeg command"))
        #expect(!report.hasProblem)
    }
}
