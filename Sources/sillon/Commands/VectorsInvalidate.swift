import ArgumentParser
import Contracts

struct VectorsInvalidate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invalidate",
        abstract: "Delete the vectors of models, so that new ones are made.",
        discussion: """
            The pattern is compared with the names of models and of their versions, as
            sillon status --json shows them; * stands for any characters. New vectors are
            queued at once; for the built-in model from what was measured, without listening.

            Examples:
              sillon vectors invalidate "ollama:*"
              sillon vectors invalidate "ollama:nomic-embed-text@0a109f*"
              sillon vectors invalidate acoustic-v1
            """)

    @Argument(help: "Names of models; * stands for any characters.")
    var pattern: String

    @OptionGroup var options: ClientOptions

    func validate() throws {
        guard (1...200).contains(pattern.unicodeScalars.count) else {
            throw ValidationError("The pattern is 1 to 200 characters long")
        }
    }

    func run() async throws {
        let answer = try await options.client().post(
            "/v1/vectors/invalidate", body: JSONBody(["pattern": .string(pattern)]))
        if options.json { return try answer.print() }
        let view = try answer.decode(InvalidationView.self)
        try Console.line(
            "\(Readable.count(view.deleted)) vectors deleted, \(Readable.count(view.forgotten)) cached ones")
    }
}

private struct InvalidationView: Decodable {
    var deleted: Int
    var forgotten: Int
}
