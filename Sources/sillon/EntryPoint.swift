import ArgumentParser
import Audio
import Files
import Foundation
import Telemetry

/// Where the process starts.
@main enum EntryPoint {
    static func main() {
        // Before anything else starts: a media host is a small process.
        let arguments = CommandLine.arguments.dropFirst()
        if arguments.first == "media-host" { MediaHostChild.run(arguments: Array(arguments.dropFirst())) }
        ArgumentScrub.hideSecrets()
        ProcessMemory.limitHeaps()
        signal(SIGPIPE, SIG_IGN)
        // Ends the process when the command has ended; nothing else waits for it. Without exit handlers: they tear down
        // libraries (OpenSSL's among them) in which another thread may still be connecting.
        Task {
            let code = await run()
            fflush(nil)
            LogEnd.flush()
            _exit(code)
        }
        dispatchMain()
    }

    private static func run() async -> Int32 {
        do {
            var command = try Sillon.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return ExitStatus.done.rawValue
        } catch {
            return report(error)
        }
    }

    /// Prints what went wrong as `sillon: sentence`, and answers the exit code.
    private static func report(_ error: any Error) -> Int32 {
        if let code = error as? ExitCode { return code.rawValue }
        let code = Sillon.exitCode(for: error)
        if code == .success { Sillon.exit(withError: error) }  // --help and --version
        if code == .validationFailure {
            let text = Sillon.fullMessage(for: error)
            let sentence = text.hasPrefix("Error: ") ? String(text.dropFirst("Error: ".count)) : text
            StandardError.write("sillon: \(sentence)\n")
            return ExitStatus.usage.rawValue
        }
        let failure = CommandError(describing: error)
        // What the log says comes before.
        LogEnd.flush()
        // Like any other tool in front of `head`: no words.
        if failure != .readerGone { Console.note(failure.message) }
        return failure.exitStatus.rawValue
    }
}
