import Glibc

/// Who may read a file and who may write to it, besides its owner and root.
package struct FileRights: Hashable, Sendable {
    /// With the kind of file.
    package let mode: mode_t
    /// Whether its group lists nobody whom the owner would not let write anyway: it is root's, or the owner's own.
    package let hasOwnGroup: Bool

    package init(mode: mode_t, hasOwnGroup: Bool) {
        self.mode = mode
        self.hasOwnGroup = hasOwnGroup
    }

    /// Of the file that is open, whatever its path leads to by now. Nil, with `errno`, where nobody can say.
    package static func of(_ descriptor: Int32) -> FileRights? {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { return nil }
        // The table of groups may be on another machine: it is asked only where the answer counts.
        let isOwn = facts.st_mode & S_IWGRP != 0 && isPrivate(facts.st_gid, to: facts.st_uid)
        return FileRights(mode: facts.st_mode, hasOwnGroup: isOwn)
    }

    package var isFile: Bool { mode & S_IFMT == S_IFREG }
    package var areOthersReaders: Bool { mode & S_IROTH != 0 }
    package var areOthersWriters: Bool { mode & S_IWOTH != 0 }
    package var isGroupWriter: Bool { mode & S_IWGRP != 0 && !hasOwnGroup }

    /// By the custom of `useradd`: a group with the owner's name that lists nobody else. Whose first group it is
    /// besides, the table of groups does not say.
    private static func isPrivate(_ group: gid_t, to owner: uid_t) -> Bool {
        if group == 0 { return true }
        guard let ownerName = name(of: owner) else { return false }
        var (entry, buffer, found) = (Glibc.group(), room(), UnsafeMutablePointer<Glibc.group>?.none)
        guard getgrgid_r(group, &entry, &buffer, buffer.count, &found) == 0, found != nil,
            entry.gr_name.map({ String(cString: $0) }) == ownerName
        else { return false }
        var member = entry.gr_mem
        while let next = member?.pointee {
            guard String(cString: next) == ownerName else { return false }
            member = member?.successor()
        }
        return true
    }

    private static func name(of user: uid_t) -> String? {
        var (entry, buffer, found) = (passwd(), room(), UnsafeMutablePointer<passwd>?.none)
        guard getpwuid_r(user, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        return entry.pw_name.map { String(cString: $0) }
    }

    /// For names; a group that takes more has many members.
    private static let roomBytes = 64 << 10
    private static func room() -> [CChar] { [CChar](repeating: 0, count: roomBytes) }
}
