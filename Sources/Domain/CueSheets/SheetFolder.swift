/// Which sheets of a folder cut which of its files. Pure.
package struct SheetFolder: Sendable {
    /// A sheet as it was found.
    package struct Sheet: Sendable {
        package let name: [UInt8]
        package let result: Result<CueSheet, CueSheet.Problem>

        package init(name: [UInt8], result: Result<CueSheet, CueSheet.Problem>) {
            self.name = name
            self.result = result
        }
    }

    /// By the names of audio files.
    package private(set) var cuts: [[UInt8]: SheetCut] = [:]
    /// Sheets that were refused, with the reason.
    package private(set) var refused: [(name: [UInt8], problem: CueSheet.Problem)] = []

    /// Where several sheets cut one file, that of its own name comes first, then the first by name.
    /// - Parameter files: names of the folder's audio files.
    package init(sheets: [Sheet], files: [[UInt8]]) {
        guard !sheets.isEmpty else { return }
        let names = Names(files)
        var owners: [[UInt8]: Bool] = [:]
        for sheet in sheets.sorted(by: { $0.name.lexicographicallyPrecedes($1.name) }) {
            switch sheet.result {
            case .failure(let problem): refused.append((sheet.name, problem))
            case .success(let text):
                for file in text.files {
                    guard let cut = text.cut(file) else { continue }
                    guard let name = names.find(file.name) else {
                        let name = String(
                            file.name.filter { !$0.unicodeScalars.contains { $0.value < 0x20 } }.prefix(80))
                        refused.append((sheet.name, CueSheet.Problem("there is no file \"\(name)\" beside it")))
                        continue
                    }
                    let isOwn = Names.folded(Names.stem(name)) == Names.folded(Names.stem(sheet.name))
                    if let known = owners[name], known || !isOwn { continue }
                    owners[name] = isOwn
                    cuts[name] = cut
                }
            }
        }
    }

    /// The file that a sheet means: of this name; else but for upper and lower case; else of this name with another
    /// ending, since a rip is often encoded after its sheet was written. Nil where two could be meant.
    private struct Names {
        private let exact: Set<[UInt8]>
        private let whole: [String: [[UInt8]]]
        private let stems: [String: [[UInt8]]]

        init(_ files: [[UInt8]]) {
            exact = Set(files)
            whole = Dictionary(grouping: files, by: Self.folded)
            stems = Dictionary(grouping: files) { Self.folded(Self.stem($0)) }
        }

        func find(_ name: String) -> [UInt8]? {
            let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map { Array($0.utf8) } ?? []
            if exact.contains(last) { return last }
            let alike = whole[Self.folded(last)] ?? stems[Self.folded(Self.stem(last))] ?? []
            return alike.count == 1 ? alike.first : nil
        }

        static func stem(_ name: [UInt8]) -> [UInt8] {
            guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > 0 else { return name }
            return Array(name[..<dot])
        }

        static func folded(_ name: [UInt8]) -> String { String(decoding: name, as: UTF8.self).lowercased() }
    }
}
