import ArgumentParser
import Persistence

struct SecretsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secrets",
        abstract: "The key that opens what is kept of accounts at services outside.",
        discussion: """
            It lies in secrets.key in the data folder, or in the file that
            SILLON_SECRETS_KEY_FILE names. Keep it with every backup of the database: the one
            without the other opens nothing.

            Examples:
              sillon secrets rotate
            """,
        subcommands: [SecretsRotate.self])
}

struct SecretsRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Make a new key, and encrypt all secrets anew.",
        discussion: """
            A server may run meanwhile. However this ends, all secrets can be read afterwards.
            A backup from before needs the key from before.

            Examples:
              sillon secrets rotate
            """)

    @OptionGroup var databaseOptions: DatabaseOptions

    func run() async throws {
        let report = try await StoreAccess.with(databaseOptions) { stores in
            guard let keys = stores.secretKeys else {
                throw CommandError.misconfigured("there is no place for the key")
            }
            return try await keys.rotate()
        }
        try Console.line("Secrets that were encrypted anew: \(report.secrets). The key is \(report.keyID) now.")
    }
}
