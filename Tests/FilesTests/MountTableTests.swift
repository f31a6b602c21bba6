import Domain
import Testing

@testable import Files

@Suite("What is mounted below a folder")
struct MountTableTests {
    private static let text = #"""
        22 1 0:20 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
        30 22 8:17 / /music/usb rw,relatime shared:2 - vfat /dev/sdb1 rw
        31 22 8:33 / /musical rw,relatime shared:3 - vfat /dev/sdc1 rw
        32 22 8:49 / /my\040music/a rw,relatime shared:4 - vfat /dev/sdd1 rw
        """#

    @Test("A disk that comes, goes, or is another than before makes a difference; one elsewhere makes none")
    func differences() {
        let music = FilePath("/music")
        let now = MountTable(below: music, Self.text)
        #expect(now == MountTable(below: music, Self.text + "33 22 8:65 / /other rw - ext4 /dev/sde1 rw\n"))
        #expect(now != MountTable(below: music, Self.text.replacing("/music/usb", with: "/musical/usb")))
        #expect(now != MountTable(below: music, Self.text.replacing("30 22 8:17", with: "30 22 8:18")))
        #expect(now != MountTable(below: music, ""))
        #expect(MountTable(below: FilePath("/mu"), Self.text) == MountTable(below: music, "garbage\n1 2 3\n"))
    }

    @Test("Names are read as the kernel writes them")
    func escaped() {
        let folder = FilePath("/my music")
        #expect(MountTable(below: folder, Self.text) != MountTable(below: folder, ""))
    }
}
