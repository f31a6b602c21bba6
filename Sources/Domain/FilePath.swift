/// A path as the file system knows it: bytes, not text.
///
/// Two names that look the same (NFC and NFD, say) are different files, and a name need not be UTF-8, so equality and
/// hashing go by byte and `display` is for people only.
package struct FilePath: Hashable, Sendable {
    package let bytes: [UInt8]

    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    package init(_ string: String) {
        bytes = Array(string.utf8)
    }

    /// Text for people and logs: bytes that are not UTF-8 become U+FFFD.
    package var display: String { String(decoding: bytes, as: UTF8.self) }

    /// The last component, empty for "/".
    package var lastComponent: [UInt8] {
        Array(bytes[bytes.index(after: lastSlash ?? -1)...])
    }

    /// The folder that holds this path; "/" is its own parent.
    package var parent: FilePath {
        guard let slash = lastSlash, slash > 0 else { return FilePath(bytes: [FilePath.slash]) }
        return FilePath(bytes: Array(bytes[..<slash]))
    }

    /// Lower-case ASCII extension without the dot, empty when there is none.
    package var fileExtension: String {
        let name = lastComponent
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > 0 else { return "" }
        return String(decoding: name[(dot + 1)...], as: UTF8.self).lowercased()
    }

    package func appending(_ component: [UInt8]) -> FilePath {
        bytes.last == FilePath.slash
            ? FilePath(bytes: bytes + component) : FilePath(bytes: bytes + [FilePath.slash] + component)
    }

    /// True for the folder itself and for everything below it; `/music` does not contain `/musicevil`.
    package func contains(_ other: FilePath) -> Bool {
        guard other.bytes.starts(with: bytes) else { return false }
        return other.bytes.count == bytes.count || bytes.last == FilePath.slash
            || other.bytes[bytes.count] == FilePath.slash
    }

    /// True when the path is absolute and has no empty, `.` or `..` component and no NUL.
    package var isCanonical: Bool {
        guard bytes.first == FilePath.slash, !bytes.contains(0) else { return false }
        if bytes.count == 1 { return true }
        return bytes.dropFirst().split(separator: FilePath.slash, omittingEmptySubsequences: false).allSatisfy {
            !$0.isEmpty && !$0.elementsEqual([UInt8(ascii: ".")])
                && !$0.elementsEqual([UInt8(ascii: "."), UInt8(ascii: ".")])
        }
    }

    package static let slash = UInt8(ascii: "/")

    private var lastSlash: Int? { bytes.lastIndex(of: FilePath.slash) }
}

extension FilePath: CustomStringConvertible {
    package var description: String { display }
}
