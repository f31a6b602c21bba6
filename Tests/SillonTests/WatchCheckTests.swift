import Files
import Foundation
import Testing

@testable import sillon

@Suite("What the doctor says of watching")
struct WatchCheckTests {
    private func check(
        watches: String?, instances: String = "128", isOn: Bool = true
    ) throws -> DoctorReport.Check {
        let root = FileManager.default.temporaryDirectory.appending(path: "sillon-watch-check-\(UUID().uuidString)")
        let folder = root.appending(path: "proc/sys/fs/inotify")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: root) }  // it lies in the folder for temporary files
        if let watches { try Data(watches.utf8).write(to: folder.appending(path: "max_user_watches")) }
        try Data(instances.utf8).write(to: folder.appending(path: "max_user_instances"))
        return WatchCheck.run(isOn: isOn, memoryBytes: 1 << 30, files: SystemFiles(root: root.path))
    }

    @Test("Limits that suffice are fine, others come with what raises them")
    func limits() throws {
        let wanted = WatchBudget.limit(memoryBytes: 1 << 30)
        let fine = try check(watches: "\(wanted)\n")
        #expect(fine.verdict == .fine && fine.detail.contains("up to \(wanted) folders"))
        let few = try check(watches: "4096\n", instances: "8\n")
        #expect(few.verdict == .warning && few.detail.contains("up to 4096 folders"))
        #expect(try check(watches: "4096").verdict == .warning)
        #expect(try check(watches: "8192", instances: "8").verdict == .warning)
        #expect(few.detail.contains("fs.inotify.max_user_watches=\(wanted) fs.inotify.max_user_instances=128"))
        let usual = try check(watches: "8192\n")
        #expect(usual.verdict == .fine && usual.detail.contains("more with: sysctl -w fs.inotify.max_user_watches="))
        #expect(try check(watches: nil).verdict == .warning)
        #expect(try check(watches: nil, isOn: false).verdict == .fine)
    }

    @Test("File systems on which others change files unseen are known by their numbers")
    func fileSystems() {
        // NFS, CIFS, SMB 2, FUSE, 9P, Ceph.
        for number: Int64 in [0x6969, 0xFF53_4D42, 0xFE53_4D42, 0x6573_5546, 0x0102_1997, 0x00C3_6400] {
            #expect(!FileSystemKind(statfs: number).isSeen)
        }
        // ext4, Btrfs, XFS, ZFS, overlayfs, tmpfs, exFAT, F2FS.
        for number: Int64 in [
            0xEF53, 0x9123_683E, 0x5846_5342, 0x2FC1_2FC1, 0x794C_7630, 0x0102_1994, 0x2011_BAB0, 0xF2F5_2010,
        ] {
            #expect(FileSystemKind(statfs: number).isSeen)
        }
        #expect(FileSystemKind(statfs: 0x6969) == .network("NFS"))
    }
}
