/// A pattern for names: `*` stands for any characters, also none; everything else for itself.
package struct NamePattern: Hashable, Sendable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    /// Linear in name times pattern: a star is never tried again once a later one matched.
    package func matches(_ name: String) -> Bool {
        let (pattern, name) = (Array(text.utf8), Array(name.utf8))
        let star = UInt8(ascii: "*")
        var (p, n) = (0, 0)
        var retry: (p: Int, n: Int)?
        while n < name.count {
            if p < pattern.count, pattern[p] == star {
                retry = (p, n)
                p += 1
            } else if p < pattern.count, pattern[p] == name[n] {
                (p, n) = (p + 1, n + 1)
            } else if let last = retry {
                retry = (last.p, last.n + 1)
                (p, n) = (last.p + 1, last.n + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == star }
    }
}
