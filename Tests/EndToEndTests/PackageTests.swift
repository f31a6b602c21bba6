import Foundation
import TestSupport
import Testing

/// The Debian package of the program under test. What it does once it is installed shows `ops/test-package`.
@Suite(.serialized, .timeLimit(.minutes(8)))
struct PackageTests {
    private static let services = [
        "sillon.service", "sillon-api.service", "sillon-worker@.service", "sillon-backup.service",
        "sillon-prune.service",
    ]
    private let repository = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL.path

    private func pack(into folder: String, _ more: String...) throws -> String {
        try Tool.run(
            "\(repository)/ops/package",
            ["--trial", "--binary", SillonExecutable.path, "--output", folder] + more)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        #expect(names.count == 2 && names[1].hasSuffix(".tar.gz"), "\(names)")
        return folder + "/" + names[0].replacing(".deb", with: "")
    }

    @Test(
        "The package holds program, units, settings and completions, depends on what is linked, and is the same twice")
    func package() throws {
        let lab = try Lab()
        let made = try pack(into: lab.folder + "/one")
        let version = try Tool.run(SillonExecutable.path, ["--version"]).trimmingCharacters(in: .newlines)
        #expect(made.contains("/sillon_\(version)-1_"))
        let again = try pack(into: lab.folder + "/two")
        for suffix in [".deb", ".tar.gz"] {
            try Tool.run("cmp", [made + suffix, again + suffix])
        }
        let fields = try Tool.run("dpkg-deb", ["--field", made + ".deb"])
        for name in ["adduser", "libavformat59", "libtag1v5", "libsqlite3-0", "libpq5", "libc6"] {
            #expect(fields.contains(name), "\(fields)")
        }
        #expect(!fields.replacing("maintainers@", with: "").contains("@"), "\(fields)")
        let root = lab.folder + "/root"
        try Tool.run("dpkg-deb", ["--raw-extract", made + ".deb", root])
        #expect(Lab.text(root + "/DEBIAN/conffiles") == "/etc/sillon/sillon.env\n")
        try Tool.run("bash", ["-c", "cd '\(root)' && md5sum --quiet --check DEBIAN/md5sums"])
        let contents = try Tool.run("dpkg-deb", ["--contents", made + ".deb"])
        for (mode, file) in [
            ("-rwxr-xr-x", "usr/bin/sillon"), ("-rw-r-----", "etc/sillon/sillon.env"),
            ("-rw-r--r--", "lib/systemd/system/sillon.target"),
            ("-rw-r--r--", "usr/share/bash-completion/completions/sillon"),
            ("-rw-r--r--", "usr/share/man/man1/sillon.1.gz"), ("-rw-r--r--", "usr/share/doc/sillon/copyright"),
            ("-rw-r--r--", "usr/share/doc/sillon/changelog.Debian.gz"),
        ] {
            let line = contents.split(separator: "\n").first { $0.hasSuffix(" ./" + file) }
            #expect(line?.hasPrefix(mode + " root/root ") == true, "\(file): \(line ?? "is not there")")
        }
        let archived = try Tool.run("tar", ["-tzf", made + ".tar.gz"]).split(separator: "\n")
        // Where /lib is a link, a folder of that name must not come out of an archive.
        let packed = contents.split(separator: "\n").compactMap { line in
            line.split(separator: " ./").dropFirst().first.map { $0.hasPrefix("lib/") ? "usr/" + $0 : String($0) }
        }
        let folder = try #require(archived.first)
        let unpacked = Set(archived.map { String($0.dropFirst(folder.count)) })
        // Settings that somebody wrote must not be laid over.
        let wanted = packed.filter { !$0.hasPrefix("etc/") }
        #expect(unpacked.isSuperset(of: wanted), "\(Set(wanted).subtracting(unpacked).sorted())")
        #expect(!unpacked.contains("lib/") && !unpacked.contains { $0.hasPrefix("etc/") })
        try Tool.run("bash", ["-n", root + "/usr/share/bash-completion/completions/sillon"])
        try checkUnits(root)
    }

    /// As the systemd of Debian 12 reads them, with the program that the package holds.
    private func checkUnits(_ root: String) throws {
        let folder = root + "/lib/systemd/system/"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        #expect(Set(names).isSuperset(of: Self.services))
        try Tool.run("sed", ["-i", "s,/usr/bin/sillon,\(root)/usr/bin/sillon,"] + names.map { folder + $0 })
        try Tool.run(
            "systemd-analyze", ["verify", "--man=no", "--recursive-errors=no"] + names.map { folder + $0 })
        for name in Self.services {
            // In tenths: an exposure of 2.0 at most.
            try Tool.run(
                "systemd-analyze",
                ["security", "--offline=true", "--threshold=20", "--no-pager", folder + name])
        }
        // One list of what a service may reach, wherever it stands.
        let walls = Self.services.map { name in
            Lab.text(folder + name).split(separator: "\n\n").filter { $0.hasPrefix("# What it may reach") }
                .map { $0.trimmingCharacters(in: .newlines) }
        }
        #expect(walls[0].count == 1 && walls.allSatisfy { $0 == walls[0] })
    }

    @Test(
        "What cannot be packed is said in one line",
        arguments: [["--binary", "/nowhere"], ["--version", "1 2"], ["-x"]])
    func refusals(_ arguments: [String]) throws {
        let problem = #expect(throws: Tool.Failed.self) {
            try Tool.run(
                "\(repository)/ops/package", ["--trial", "--binary", SillonExecutable.path] + arguments)
        }
        #expect(problem?.description.contains("error: ") == true, "\(problem as Any)")
    }
}
