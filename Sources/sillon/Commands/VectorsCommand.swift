import ArgumentParser
import Domain
import Foundation
import Persistence
import Similarity
import UseCases

struct VectorsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vectors",
        abstract: "Take the vectors out of the library, or bring what was heard from one install to another.",
        subcommands: [VectorsExport.self, VectorsImport.self, VectorsInvalidate.self, VectorsPgvector.self])
}

struct VectorsExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write one CSV line a track: its path, then the numbers of its vector; or all that was heard.",
        discussion: """
            The lines come straight from the database and go to
            standard output, as RFC 4180 has it (CRLF, quotes where needed). A name that is
            no UTF-8 is written as bytes: and hexadecimal digits. On a terminal, and only
            there, control characters in a name are shown as escapes.

            Spreadsheets take fields that begin with = + - @ for formulas. A path here
            begins with a slash or with "bytes:", and every other field is a number, so
            no name of a file can become a formula, and nothing is changed to prevent it.

            --portable writes something else, for sillon vectors import: a line of JSON for
            each recording, with its analyses and the vectors made of its sound, by the content of the audio.
            Nothing in it tells of paths or tags, so vectors that were made of words stay behind.

            Examples:
              sillon vectors export > vectors.csv
              sillon vectors export --no-header | head -n 3
              sillon vectors export --portable | gzip > analyses.jsonl.gz
            """)

    @Option(help: ArgumentHelp("The embedding model.", valueName: "name"))
    var model = AcousticV1.modelName

    @Flag(help: "Leave out the first line, path,v1,v2,…")
    var noHeader = false

    @Flag(help: "Write analyses and vectors by content, for sillon vectors import.")
    var portable = false

    @OptionGroup var databaseOptions: DatabaseOptions

    func validate() throws {
        guard !portable || !noHeader else { throw ValidationError("--portable needs its first line") }
        guard model == AcousticV1.modelName else {
            throw ValidationError("there is one model here: \(AcousticV1.modelName)")
        }
    }

    func run() async throws {
        let settings = try databaseOptions.settings()
        let database = try await settings.database.openExisting(settings)
        let stores = try Stores(database: database, lockFolder: nil, clock: SystemClock.microseconds)
        if portable {
            let count = try await PortableExport(store: stores.catalogue).run { try Console.write($0) }
            Console.note(count == 1 ? "1 recording" : "\(Readable.count(count)) recordings")
            return try database.close()
        }
        var export = VectorExport(
            catalogue: stores.catalogue, model: model, hasHeader: !noHeader, isForTerminal: Console.isTerminal)
        let count = try await export.run { try Console.write($0) }
        Console.note(count == 1 ? "1 track" : "\(Readable.count(count)) tracks")
        try database.close()
    }
}
