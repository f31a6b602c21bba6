import Domain
import UseCases

/// Where this device finds folders of the server. Paths are bytes.
package struct PathMap: Hashable, Sendable {
    package struct Rule: Hashable, Sendable {
        package let server: FilePath
        package let local: FilePath

        package init(server: FilePath, local: FilePath) {
            self.server = server
            self.local = local
        }

        /// `SERVER=LOCAL`, two absolute paths. Nil for anything else, and when it can be read in two ways.
        package init?(_ text: [UInt8]) {
            let cuts = text.indices.filter {
                text[$0] == UInt8(ascii: "=") && text.indices.contains($0 + 1) && text[$0 + 1] == FilePath.slash
            }
            guard cuts.count == 1 else { return nil }
            let server = Rule.folder(text[..<cuts[0]])
            let local = Rule.folder(text[(cuts[0] + 1)...])
            guard server.isCanonical, local.isCanonical else { return nil }
            self.init(server: server, local: local)
        }

        private static func folder(_ bytes: ArraySlice<UInt8>) -> FilePath {
            var bytes = bytes
            while bytes.count > 1, bytes.last == FilePath.slash { bytes.removeLast() }
            return FilePath(bytes: Array(bytes))
        }

        func toLocal(_ path: FilePath) -> FilePath? { path.moved(from: server, to: local) }
        func toServer(_ path: FilePath) -> FilePath? { path.moved(from: local, to: server) }
    }

    private let rules: [Rule]

    /// The longest path of the server goes first.
    package init(_ rules: [Rule]) {
        self.rules = rules.sorted { $0.server.bytes.count > $1.server.bytes.count }
    }

    package var isEmpty: Bool { rules.isEmpty }

    /// The rule for a path of the server, and what it makes of the path and of the root that nothing may lead out of.
    /// A root that lies above what is mapped becomes the mapped folder.
    func locate(_ path: FilePath, beneath root: FilePath) -> (rule: Rule, path: FilePath, root: FilePath)? {
        for rule in rules {
            guard let local = rule.toLocal(path) else { continue }
            return (rule, local, rule.toLocal(root) ?? rule.local)
        }
        return nil
    }
}

extension FilePath {
    /// The same place below another folder; nil for a path that does not lie in `old`.
    func moved(from old: FilePath, to new: FilePath) -> FilePath? {
        guard old.contains(self) else { return nil }
        if bytes.count == old.bytes.count { return new }
        let rest = bytes[(old.bytes.last == FilePath.slash ? old.bytes.count : old.bytes.count + 1)...]
        return new.appending(Array(rest))
    }
}
