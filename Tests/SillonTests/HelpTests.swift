import ArgumentParser
import Testing

@testable import sillon

@Suite struct HelpTests {
    private static func leaves(_ command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        let commands = command.configuration.subcommands
        return commands.isEmpty ? [command] : commands.flatMap(leaves)
    }

    @Test("The page of every command that does something has an example of that command")
    func examples() {
        let leaves = Self.leaves(Sillon.self)
        #expect(leaves.count > 20)
        for command in leaves where command.configuration.shouldDisplay {
            let help = Sillon.helpMessage(for: command)
            // Behind the examples stands the usage, which names the command, too.
            let examples = help.components("Example").dropFirst().first?.components("USAGE:").first ?? ""
            let name = command.configuration.commandName ?? ""
            #expect(examples.contains(" \(name)"), "\(command)")
        }
    }

    @Test("The first page names every variable that is read")
    func environment() {
        let help = Sillon.helpMessage()
        let settings = SettingList.groups.flatMap(\.settings)
        #expect(settings.count > 30)
        for setting in settings { #expect(help.contains(setting.variable), "\(setting.key)") }
    }
}

extension String {
    fileprivate func components(_ separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
