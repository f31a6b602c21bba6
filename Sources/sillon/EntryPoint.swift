import ArgumentParser
import Audio
import Foundation
import Telemetry

/// Where the process starts.
@main enum EntryPoint {
    static func main() async {
        // Before anything else starts: a media host is a small process.
        let arguments = CommandLine.arguments.dropFirst()
        if arguments.first == "media-host" { MediaHostChild.run(arguments: Array(arguments.dropFirst())) }
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try Sillon.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            exit(report(error))
        }
    }

    /// Prints what went wrong as `sillon: sentence`, and answers the exit code.
    private static func report(_ error: any Error) -> Int32 {
        if error is CleanExit || Sillon.exitCode(for: error) == .success { Sillon.exit(withError: error) }
        if let code = error as? ExitCode { return code.rawValue }
        if Sillon.exitCode(for: error) == .validationFailure {
            let text = Sillon.fullMessage(for: error)
            let sentence = text.hasPrefix("Error: ") ? String(text.dropFirst("Error: ".count)) : text
            StandardError.write("sillon: \(sentence)\n")
            return ExitStatus.usage.rawValue
        }
        let failure = CommandError(describing: error)
        Console.note(failure.message)
        return failure.exitStatus.rawValue
    }
}
