import Foundation
import Glibc
import TestSupport

/// Lets the program run as a user who may not read everything. Only root can; others already are such a user.
enum OtherUser {
    private static let id = 65534

    /// What to put before the program's path; nil, with the reason printed, when it cannot be done here.
    static func wrapper(for lab: Lab) async throws -> [String]? {
        guard geteuid() == 0 else { return [] }
        let words = ["setpriv", "--reuid", "\(id)", "--regid", "\(id)", "--clear-groups", "--"]
        let owned = [lab.folder, lab.music]
        for folder in owned where chown(folder, uid_t(id), gid_t(id)) != 0 {
            print("not checked as another user: chown is refused")
            return nil
        }
        do {
            let probe = try await lab.run(["--version"], wrapper: words)
            if probe.exit == .code(0) { return words }
            print("not checked as another user: \(probe.exit) \(probe.errors)")
        } catch {
            print("not checked as another user: \(error)")
        }
        return nil
    }
}
