import ArgumentParser
import Domain

/// `indexer,audio,vector,downloader` on the command line.
struct RoleList: ExpressibleByArgument, Hashable, Sendable {
    let roles: Set<Role>

    static let all = RoleList(roles: Set(Role.allCases))

    init(roles: Set<Role>) {
        self.roles = roles
    }

    init?(argument: String) {
        var roles: Set<Role> = []
        for name in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let role = Role(rawValue: String(name)) else { return nil }
            roles.insert(role)
        }
        self.init(roles: roles)
    }

    var defaultValueDescription: String {
        Role.allCases.filter(roles.contains).map(\.rawValue).joined(separator: ",")
    }
}
