/// What a file system is to those who keep databases on it, or watch it: by the numbers of `statfs(2)`.
package enum FileSystemKind: Hashable, Sendable {
    /// On another machine: what others change there is not told here.
    case network(String)
    /// Served by a program or by the machine around this one, which changes files without telling.
    case relayed(String)
    case memory
    /// Everything else: what changes here goes through this kernel.
    case local

    /// "Filesystem types" in statfs(2), and the kernel's linux/magic.h.
    package init(statfs type: Int64) {
        self =
            switch type {
            case 0x6969: .network("NFS")
            case 0xFF53_4D42, 0xFE53_4D42, 0x517B: .network("SMB")
            case 0x00C3_6400: .network("Ceph")
            case 0x5346_414F, 0x6B41_4653: .network("AFS")
            case 0x7375_7245: .network("Coda")
            case 0x564C: .network("NCP")
            case 0x0BD0_0BD0: .network("Lustre")
            case 0x1983_0326: .network("BeeGFS")
            case 0x4750_4653: .network("GPFS")
            case 0x2003_0528: .network("OrangeFS")
            // A disk that several machines share.
            case 0x7461_636F: .network("OCFS2")
            case 0x0116_1970: .network("GFS2")
            // sshfs and rclone, but also mergerfs and NTFS, and the folders that Docker Desktop shares: nobody can tell.
            case 0x6573_5546: .relayed("FUSE")
            case 0x0102_1997: .relayed("9P")
            case 0x786F_4256: .relayed("VirtualBox")
            case 0xBACB_ACBC: .relayed("VMware")
            case 0x7C7C_6673: .relayed("Parallels")
            case 0x0102_1994, 0x8584_58F6: .memory
            default: .local
            }
    }

    /// This kernel sees every change.
    package var isSeen: Bool {
        switch self {
        case .network, .relayed: false
        case .memory, .local: true
        }
    }
}
