import ArgumentParser
import Foundation
import Testing

@testable import sillon

@Suite struct SettingReferenceTests {
    private func file(_ name: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../" + name)
    }

    @Test("docs/configuration.md is what the settings say: sillon config reference > docs/configuration.md")
    func page() throws {
        let page = try String(contentsOf: file("docs/configuration.md"), encoding: .utf8)
        #expect(page == SettingReference.page)
    }

    @Test("Every setting is on the page, with its variable and its flag")
    func complete() {
        let page = SettingReference.page.replacing("| `x_", with: "| `lastfm_").replacing(
            "SILLON_X_", with: "SILLON_LASTFM_")
        let services = Set(["ollama", "openai", "listenbrainz", "musicbrainz", "coverart", "slskd", "napster"])
        for setting in SettingList.all where !services.contains(String(setting.key.prefix { $0 != "_" })) {
            #expect(page.contains("| `\(setting.key)` | `\(setting.variable)`"), "\(setting.key)")
        }
        #expect(SettingList.all.count > 80)
    }

    @Test("The pages that it names are there")
    func links() {
        for setting in SettingList.all {
            guard let page = setting.page?.prefix(while: { $0 != "#" }) else { continue }
            #expect(FileManager.default.fileExists(atPath: file("docs/\(page)").path), "\(page)")
        }
    }

    @Test("Every flag that a setting names is one")
    func flags() {
        let commands: [any ParsableCommand.Type] = [UpCommand.self, WorkerCommand.self, ScanCommand.self]
        let help = commands.map { Sillon.helpMessage(for: $0, columns: 400) }
        for flag in SettingList.all.compactMap(\.flag) + [ConfigFile.flag] {
            #expect(help.contains { $0.contains("\(flag) <") || $0.contains("  \(flag)  ") }, "\(flag)")
        }
    }

    @Test("Nothing that the documents or scripts call a variable is unknown")
    func names() throws {
        for name in [
            "README.md", "docs/services.md", "docs/downloads.md", "docs/traces.md", "docs/device.md",
            "docs/install-debian.md",
            "ops/debian/sillon.env", "docker-compose.yml",
        ] {
            let text = try String(contentsOf: file(name), encoding: .utf8)
            for match in text.matches(of: /SILLON_[A-Z_]*[A-Z]\b/) {
                let variable = String(match.output).replacing("SILLON_X_", with: "SILLON_LASTFM_")
                #expect(SettingList.isKnown(variable: variable), "\(name): \(variable)")
            }
        }
    }
}
