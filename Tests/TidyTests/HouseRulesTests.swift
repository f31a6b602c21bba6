import Foundation
import Testing

/// The house rules over the real sources. A failure names file and line.
@Suite struct HouseRulesTests {
    @Test("Drivers and C modules stay behind their fences, adapters apart")
    func imports() throws {
        report(try Package.swiftFiles().flatMap(ImportRules.check))
    }

    @Test("No loss without a reason, no crash on purpose, no note to self")
    func text() throws {
        report(try Package.swiftFiles().flatMap(TextRules.check))
    }

    @Test("Lines of the log are constant sentences with named data")
    func logs() throws {
        report(try Package.swiftFiles().flatMap(LogRules.check))
    }

    @Test("No file is over 500 lines")
    func fileSize() throws {
        let files = try Package.files(in: ["Sources", "common", "Tests"], extensions: ["swift", "c", "cpp", "h"])
        report(files.flatMap(SizeRules.checkFile))
    }

    @Test("No function is over 70 lines")
    func functionSize() throws {
        report(try Package.swiftFiles().flatMap(SizeRules.checkFunctions))
    }

    @Test("The median file has up to 100 lines, and nine in ten have up to 300")
    func distribution() throws {
        let sizes = try Package.files(in: ["Sources", "common"], extensions: ["swift"]).map(\.lineCount).sorted()
        #expect(sizes[sizes.count / 2] <= 100)
        #expect(sizes[sizes.count * 9 / 10] <= 300)
    }

    @Test("Nothing says where the author's files lie")
    func privatePaths() throws {
        var files = try Package.files(
            in: ["Sources", "common", "Tests", "ops", "infra"],
            extensions: ["swift", "c", "cpp", "h", "json", "sh", "yml", "yaml", "md", ""])
        for name in ["Package.swift", "Makefile", "README.md", "ARCHITECTURE.md", "CHANGELOG.md", "docker-compose.yml"]
        {
            files.append(try Package.file(name))
        }
        report(files.flatMap { TextRules.privatePaths(in: $0, root: Package.root.path) })
    }

    @Test("Every dependency comes from GitHub over HTTPS")
    func packages() throws {
        let manifest = try Package.file("Package.swift").text
        #expect(PackageRules.urls(in: manifest).count >= 5)
        #expect(PackageRules.foreignPackages(in: manifest).isEmpty)
    }

    @Test("Every folder of sources and tests is a target")
    func targets() throws {
        let targets = PackageRules.targets(in: try Package.file("Package.swift").text)
        for folder in ["Sources", "Tests"] {
            for name in try Package.folders(in: folder) {
                #expect(targets.contains(name), "\(folder)/\(name) is no target")
            }
        }
    }

    @Test("No placeholder is left")
    func placeholders() throws {
        let names = try Package.swiftFiles().map(\.path).filter { $0.lowercased().hasSuffix("placeholder.swift") }
        #expect(names.isEmpty)
    }

    @Test("Every file that the documents name exists", arguments: ["README.md", "ARCHITECTURE.md"])
    func documents(name: String) throws {
        let paths = PackageRules.namedPaths(in: try Package.file(name).text)
        #expect(paths.count >= 5)
        #expect(paths.filter { !Package.exists($0) }.isEmpty)
    }

    private func report(_ findings: [Finding]) {
        #expect(findings.isEmpty, "\n\(findings.map(\.description).joined(separator: "\n"))")
    }
}
