import Domain
import UseCases

/// Whether a start has to make the first admin token. The decision is pure; `settle` acts on it.
enum FirstToken: Hashable, Sendable {
    /// Nothing is there: make a token and its file.
    case create
    /// The file's token is not one of this database, which has no admin at all: make a new one in its place.
    case replace
    /// The file's token opens this database.
    case keep
    /// There are admin tokens, but no file: somebody put the file away.
    case fileAbsent
    /// There are admin tokens, but the one in the file is none of them.
    case fileStale

    static func decide(hasFile: Bool, fileOpens: Bool, hasAdmin: Bool) -> FirstToken {
        switch (hasFile, hasAdmin) {
        case (false, false): .create
        case (true, false): .replace
        case (true, true): fileOpens ? .keep : .fileStale
        case (false, true): .fileAbsent
        }
    }

    /// Answers what is to be told to the user; a secret is in it only when it was made now and somebody looks: what is
    /// told to no terminal ends in the logs of a container or of the system.
    ///
    /// - Parameter isWatched: true where what is answered goes to a terminal.
    static func settle(settings: Settings, tokens: any TokenStore, isWatched: Bool) async throws -> [String] {
        let path = settings.adminTokenPath
        let inFile = try AccessTokenFinder.read(path)
        var fileOpens = false
        if let inFile { fileOpens = try await tokens.verify(secret: inFile.value)?.role == .admin }
        let step = decide(hasFile: inFile != nil, fileOpens: fileOpens, hasAdmin: try await tokens.hasAdminToken())
        switch step {
        case .create, .replace:
            let made = try await tokens.createToken(name: "first admin", role: .admin, expiresAt: nil)
            try DataFolder(path: settings.dataFolder).writePrivateFile("admin-token", made.secret + "\n")
            let why = "The token in \(path) was not of this database; a new one takes its place."
            return (step == .replace ? [why] : [])
                + [
                    isWatched
                        ? "Admin token (shown only now, kept in \(path)): \(made.secret)"
                        : "The admin token is kept in \(path)"
                ]
        case .keep:
            return []
        case .fileAbsent:
            return ["There is no \(path). If the admin token is lost: sillon token create --role admin"]
        case .fileStale:
            return ["The token in \(path) is not valid here. To make another: sillon token create --role admin"]
        }
    }
}
