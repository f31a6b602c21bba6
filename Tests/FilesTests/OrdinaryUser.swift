import Foundation

/// Does something as a user who may not read everything, so that refusals are tested when root runs the tests, too.
enum OrdinaryUser {
    private static let nobody: uid_t = 65534

    /// The identity for files is each thread's own, so `body` stays on this thread: there is no `await` in it.
    static func run<Result>(_ body: () throws -> Result) throws -> Result {
        guard geteuid() == 0 else { return try body() }
        // setfsuid(2) is in glibc, but in none of the modules that Swift sees.
        typealias SetFileUser = @convention(c) (uid_t) -> CInt
        guard let symbol = dlsym(nil, "setfsuid") else { throw POSIXError(.ENOSYS) }
        let setFileUser = unsafeBitCast(symbol, to: SetFileUser.self)
        _ = setFileUser(nobody)
        defer { _ = setFileUser(0) }
        return try body()
    }
}
