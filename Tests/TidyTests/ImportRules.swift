/// Who may import what.
enum ImportRules {
    private static let drivers: Set = ["GRDB", "GRDBSQLite", "CLibPQ"]
    /// C modules and the only folder of sources that imports each.
    private static let fences = [
        "CAudio": "Sources/Audio", "CChromaprint": "Sources/Audio", "CFiles": "Sources/Files",
        "CMediaHost": "Sources/Audio", "CPrograms": "Sources/Programs", "CSimilarity": "Sources/Similarity",
        "CTagLib": "Sources/Audio",
    ]
    private static let adapters: Set = ["Persistence", "Audio", "API", "Integrations", "Files", "Remote"]
    private static let allowedBetweenAdapters: Set = ["Audio->Files", "Remote->Files"]

    static func check(_ file: SourceFile) -> [Finding] {
        imports(in: file).compactMap { module, line in
            problem(with: module, in: file).map { Finding(path: file.path, line: line, rule: $0) }
        }
    }

    private static func problem(with module: String, in file: SourceFile) -> String? {
        if drivers.contains(module), !file.lies(in: "Sources/Persistence"), !file.lies(in: "Tests/PersistenceTests") {
            return "the driver \(module) belongs to Sources/Persistence"
        }
        if let fence = fences[module], !file.lies(in: fence), !file.lies(in: "Tests") {
            return "\(module) belongs to \(fence)"
        }
        if let importer = adapters.first(where: { file.lies(in: "Sources/\($0)") }), adapters.contains(module),
            !allowedBetweenAdapters.contains("\(importer)->\(module)")
        {
            return "the adapter \(importer) must not import the adapter \(module)"
        }
        return nil
    }

    /// Modules with the line of their import, from 1.
    private static func imports(in file: SourceFile) -> [(module: String, line: Int)] {
        MaskedSource(file.text).code.enumerated().compactMap { index, line in
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard let position = words.firstIndex(of: "import"), position < 3 else { return nil }
            let kinds: Set<Substring> = [
                "struct", "class", "enum", "protocol", "func", "var", "let", "typealias", "actor",
            ]
            let rest = words[(position + 1)...].drop { kinds.contains($0) }
            guard let module = rest.first?.split(separator: ".").first else { return nil }
            return (String(module), index + 1)
        }
    }
}
