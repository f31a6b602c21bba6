import Domain

/// What the settings ask of this machine. A start stops at the first thing that is not so; `sillon config check` tells all.
extension Settings {
    /// What a start of `sillon up` would refuse, and what a worker would tell of its folders.
    var startProblems: [String] {
        var (problems, folders): ([String], [FilePath]) = ([], [])
        func look(_ body: () throws(CommandError) -> Void) {
            do throws(CommandError) {
                try body()
            } catch {
                problems.append(error.message)
            }
        }
        for text in music { look { () throws(CommandError) in folders.append(try musicFolder(text)) } }
        look { () throws(CommandError) in try checkVectorSearch() }
        look { () throws(CommandError) in try DataFolder(path: dataFolder).check() }
        look { () throws(CommandError) in _ = try downloadsHere?.checked(beside: folders) }
        return problems + elsewhere.mapProblems(name(of: SettingList.elsewhere.map))
    }

    /// Throws `misconfigured` for one that is not there: an init system need not try again.
    func musicFolders() throws(CommandError) -> [FilePath] {
        var folders: [FilePath] = []
        for text in music { folders.append(try musicFolder(text)) }
        return folders
    }

    private func musicFolder(_ text: String) throws(CommandError) -> FilePath {
        do {
            return try PathArgument.folder(text)
        } catch {
            throw .misconfigured("\(name(of: SettingList.place.music)) \(error.message)")
        }
    }

    /// What `sillon up` works on.
    var rolesHere: Set<Role> { (roles ?? .all).roles }

    /// Nil where `sillon up` downloads nothing.
    var downloadsHere: DownloadSettings.Folders? { rolesHere.contains(.downloader) ? downloads.folders : nil }

    /// Throws `misconfigured` for a database that cannot search the vectors that it is asked to.
    func checkVectorSearch() throws(CommandError) {
        guard vectorSearch == .pgvector, case .file = database else { return }
        throw .misconfigured(
            "\(name(of: SettingList.words.vectorSearch)) is pgvector, which needs a PostgreSQL database: "
                + "\(name(of: SettingList.place.database)) has to be postgres://…")
    }
}
