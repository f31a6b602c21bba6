import Domain
import Files
import Foundation
import NIOCore
import Testing

@testable import sillon

/// What a start refuses, by the name that somebody wrote, and what `config check` tells of it.
@Suite struct StartCheckTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "start-\(UUID())").path

    private func settings(
        _ text: String = "", _ variables: [String: String] = [:], _ flags: Settings.Flags = .init()
    ) throws -> Settings {
        let environment = Environment(
            variables: ["HOME": "/home/ada"].merging(variables) { $1 }, currentFolder: "/work",
            standardErrorIsTerminal: false)
        return try Settings(
            SettingReader(
                flags: flags.given, environment: environment,
                file: ConfigFile(
                    path: "/c.toml", text: text, rights: FileRights(mode: 0o600, hasOwnGroup: false), environment)))
    }

    /// A folder with an empty one, `in`, and a file, `file`.
    private func make() throws {
        try FileManager.default.createDirectory(atPath: folder + "/in", withIntermediateDirectories: true)
        try Data().write(to: URL(filePath: folder + "/file"))
    }

    private func remove() throws { try FileManager.default.removeItem(atPath: folder) }

    private func message<Result>(_ body: () throws(CommandError) -> Result) -> String? {
        do throws(CommandError) {
            _ = try body()
            return nil
        } catch {
            #expect(error.exitStatus == .misconfigured)
            return error.message
        }
    }

    @Test("A database that cannot search vectors is refused by what asked for it: flag, variable, or line of the file")
    func vectorSearch() throws {
        let needs = "is pgvector, which needs a PostgreSQL database:"
        let inFile = try settings("\nvector_search = 'pgvector'\ndatabase_url = '/srv/sillon.db'")
        #expect(
            message(inFile.checkVectorSearch)
                == "/c.toml:2: vector_search \(needs) /c.toml:3: database_url has to be postgres://…")
        let inEnvironment = try settings("", ["SILLON_VECTOR_SEARCH": "pgvector", "SILLON_DATABASE_URL": "/x"])
        #expect(
            message(inEnvironment.checkVectorSearch)
                == "SILLON_VECTOR_SEARCH \(needs) SILLON_DATABASE_URL has to be postgres://…")
        let unsaid = try settings("", ["SILLON_VECTOR_SEARCH": "pgvector"])
        #expect(message(unsaid.checkVectorSearch)?.hasSuffix("--database has to be postgres://…") == true)
        let fine = try settings("vector_search = 'pgvector'\ndatabase_url = 'postgres://ada@h/x'")
        let usual = try settings()
        #expect(message(fine.checkVectorSearch) == nil && message(usual.checkVectorSearch) == nil)
    }

    @Test("An address that cannot be listened on is told by what named it")
    func listening() throws {
        func explained(_ code: Int32, _ settings: Settings) -> String? {
            (ServerRun.explain(IOError(errnoCode: code, reason: "bind"), settings: settings) as? CommandError)?.message
        }
        let inFile = try settings("host = '10.9.9.9'\nport = 80")
        #expect(explained(EADDRINUSE, inFile)?.hasSuffix("choose another port (/c.toml:2: port)") == true)
        #expect(explained(EACCES, inFile)?.hasSuffix("(/c.toml:2: port)") == true)
        #expect(explained(EADDRNOTAVAIL, inFile) == "10.9.9.9 is no address of this machine (/c.toml:1: host)")
        let mixed = try settings("host = '10.9.9.9'", ["SILLON_HOST": "nowhere"], .init(port: 81))
        #expect(explained(EADDRINUSE, mixed)?.hasSuffix("(--port)") == true)
        let unknown = ServerRun.explain(SocketAddressError.unsupported, settings: mixed)
        #expect((unknown as? CommandError)?.message == "SILLON_HOST nowhere is no address and no known name")
    }

    @Test("Folders of downloads are told by what named them")
    func downloads() throws {
        try make()
        defer { #expect(throws: Never.self) { try remove() } }
        let root = "download_root = '\(folder)/in'\n"
        func told(_ text: String, _ variables: [String: String] = [:], beside music: [String] = []) throws -> String? {
            let folders = try #require(try settings(text, variables).downloadsHere)
            return message { () throws(CommandError) in try folders.checked(beside: music.map { FilePath($0) }) }
        }
        #expect(
            try told(root + "slskd_downloads = '\(folder)/none'")
                == "/c.toml:2: slskd_downloads \(folder)/none: No such file or directory")
        #expect(
            try told(root, ["SILLON_SLSKD_DOWNLOADS": "\(folder)/file"])
                == "SILLON_SLSKD_DOWNLOADS \(folder)/file is no folder that this user may read")
        try FileManager.default.createDirectory(atPath: folder + "/from", withIntermediateDirectories: true)
        let real = try #require(FolderCheck.realPath(Array(folder.utf8))).display
        let both = root + "slskd_downloads = '\(folder)/from'"
        #expect(try told(both) == nil)
        #expect(
            try told(both, beside: [real])
                == "/c.toml:2: slskd_downloads \(real)/from and the library root \(real) overlap: files are moved away "
                + "from there")
        #expect(
            try told(both, beside: [real + "/in/music"])?.hasPrefix("/c.toml:1: download_root \(real)/in holds") == true
        )
        let apart = message { () throws(CommandError) in
            try DownloadSettings.Folders(
                source: FilePath("/a"), root: FilePath("/a/b"), sourceName: "one", rootName: "two"
            ).checkApart()
        }
        #expect(apart == "one and two overlap: what is half received would be scanned")
    }

    @Test("A data folder that is not there is made where it can be, and looking at it makes nothing")
    func dataFolder() throws {
        try make()
        defer { #expect(throws: Never.self) { try remove() } }
        #expect(message(DataFolder(path: folder + "/new/data").check) == nil)
        #expect(!FileManager.default.fileExists(atPath: folder + "/new"))
        try FileManager.default.createSymbolicLink(atPath: folder + "/lost", withDestinationPath: "/nowhere/at/all")
        for (name, words) in [
            ("file", "is not a folder"), ("lost", "is not a folder"), ("file/data", "\(folder)/file is not a folder"),
            ("file/deep/data", "cannot make the data folder"),
        ] {
            let told = try #require(message(DataFolder(path: folder + "/" + name).check))
            #expect(told.contains(words), "\(told)")
            #expect(message(DataFolder(path: folder + "/" + name).prepare) == told)
        }
    }

    @Test("config check tells all of it at once, in the words of the start")
    func all() throws {
        try make()
        defer { #expect(throws: Never.self) { try remove() } }
        let text = """
            data = "\(folder)/file"
            music = ["\(folder)/in", "\(folder)/none", "\(folder)/file"]
            vector_search = "pgvector"
            slskd_downloads = "\(folder)/away"
            download_root = "\(folder)/in"
            map = ["/srv/music=\(folder)/in", "/srv/more=\(folder)/missing"]
            """
        let settings = try settings(text)
        #expect(
            settings.startProblems == [
                "/c.toml:2: music \(folder)/none: No such file or directory",
                "/c.toml:2: music \(folder)/file is not a folder that can be read",
                "/c.toml:3: vector_search is pgvector, which needs a PostgreSQL database: --database has to be postgres://…",
                "the data folder \(folder)/file is not a folder",
                "/c.toml:4: slskd_downloads \(folder)/away: No such file or directory",
                "/c.toml:6: map \(folder)/missing: No such file or directory",
            ])
        #expect(message(settings.musicFolders) == settings.startProblems[0])
        #expect(message(DataFolder(path: settings.dataFolder).prepare) == settings.startProblems[3])
        // Who downloads nothing here need not have the folders.
        let other = try self.settings(
            "data = '\(folder)/data'\nroles = ['audio']\nslskd_downloads = '/none'\ndownload_root = '/nowhere'")
        #expect(other.startProblems == [])
    }

    @Test("What a worker for a server elsewhere needs is said in the file, in the environment, or by flags")
    func elsewhere() throws {
        let text = """
            map = ["/srv/music=/mnt/nas/music", "/srv/more=/mnt/more"]
            ca = "/etc/ssl/own.pem"
            cache = "/var/cache/x"
            cache_limit = "500M"
            insecure = true
            """
        let file = try settings(text).elsewhere
        #expect(file.certificates == "/etc/ssl/own.pem" && file.cacheLimit == 500 << 20 && file.isInsecure)
        #expect(try file.cacheFolder(.ofProcess()) == "/var/cache/x")
        let map = try settings(text).lines.first { $0.key == "map" }?.value
        #expect(map == "/srv/music=/mnt/nas/music:/srv/more=/mnt/more")
        let variables = [
            "SILLON_MAP": "/a=/b:/c d=/e", "SILLON_CA": "own.pem", "SILLON_CACHE_LIMIT": "1024", "SILLON_INSECURE": "0",
        ]
        let environment = try settings(text, variables)
        #expect(environment.lines.first { $0.key == "map" }?.value == "/a=/b:/c d=/e")
        #expect(environment.elsewhere.certificates == "/work/own.pem" && environment.elsewhere.cacheLimit == 1024)
        #expect(!environment.elsewhere.isInsecure)
        let flags = Settings.Flags(
            map: [try #require(PathRule(argument: "/x=/y"))], certificates: "/flag.pem", cache: "there",
            cacheLimit: ByteCount(bytes: 3 << 30), isInsecure: true)
        let flagged = try settings(text, variables, flags)
        #expect(flagged.lines.first { $0.key == "map" }?.value == "/x=/y" && flagged.elsewhere.isInsecure)
        let limit = flagged.lines.first { $0.key == "cache_limit" }
        #expect(limit?.value == "3G" && limit?.origin == .flag("--cache-limit"))
        #expect(flagged.elsewhere.certificates == "/flag.pem" && flagged.elsewhere.cacheLimit == 3 << 30)
        #expect(try flagged.elsewhere.cacheFolder(.ofProcess()) == "/work/there")
    }

    @Test("Where fetched files lie unless somebody says so, and who cannot tell says how")
    func cacheFolder() throws {
        func folder(_ variables: [String: String]) throws -> String {
            try settings().elsewhere.cacheFolder(
                Environment(variables: variables, currentFolder: "/", standardErrorIsTerminal: false))
        }
        #expect(try folder(["XDG_CACHE_HOME": "/xdg", "HOME": "/home/ada"]) == "/xdg/sillon")
        #expect(try folder(["XDG_CACHE_HOME": "xdg", "HOME": "/home/ada"]) == "/home/ada/.cache/sillon")
        let error = #expect(throws: CommandError.self) { try folder([:]) }
        #expect(error?.message.contains("--cache DIR") == true && error?.message.contains("SILLON_CACHE") == true)
    }

    @Test(
        "What is no mapping, and no number of bytes, is refused with its place",
        arguments: [
            ("map = ['/srv/music']", "/c.toml:1: map is two absolute paths such as /srv/music=/mnt/nas/music, not"),
            ("map = ['/a=/b', 'a=/b']", "/c.toml:1: map is two absolute paths"),
            ("cache_limit = 'much'", "/c.toml:1: cache_limit is a number of bytes such as 500M or 2G, not \"much\""),
            ("cache_limit = 0", "/c.toml:1: cache_limit is a number of bytes"),
            ("cache = 'here'", "/c.toml:1: cache is an absolute path in a file"),
            ("insecure = 1", "/c.toml:1: insecure is true or false"),
        ])
    func refused(text: String, words: String) throws {
        let error = #expect(throws: CommandError.self) { try settings(text) }
        #expect(error?.message.hasPrefix(words) == true, "\(String(describing: error))")
    }

    @Test("A number of bytes is shown as it may be said", arguments: ["1T", "2G", "500M", "3K", "1023", "1025"])
    func byteCounts(text: String) {
        #expect(ByteCount(argument: text).map { "\($0)" } == text)
        #expect(ByteCount(argument: text.lowercased()) == ByteCount(argument: text))
    }
}
