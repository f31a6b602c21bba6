import Foundation

/// The small text files of /proc and /sys, below a root folder that tests choose.
struct SystemFiles: Sendable {
    let root: String

    /// Bytes of one file that are read; the longest of interest is /proc/cpuinfo.
    static let maxBytes = 1 << 20

    init(root: String = "") {
        self.root = root
    }

    /// Nil when the file is not there or cannot be read. Bytes that are no UTF-8 become U+FFFD.
    func text(_ path: String) -> String? {
        guard let file = fopen(root + path, "re") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        var text: [UInt8] = []
        while text.count < Self.maxBytes {
            let count = fread(&bytes, 1, bytes.count, file)
            guard count > 0 else { break }
            text += bytes[..<count]
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// What lies in a folder, by name; empty where there is none.
    func names(in path: String) -> [String] {
        // A folder that cannot be read tells as little as one that is not there.
        let names = try? FileManager.default.contentsOfDirectory(atPath: root + path)  // said above
        return (names ?? []).sorted()
    }

    /// Where links lead to, below the root; nil for what is not there.
    func resolved(_ path: String) -> String? {
        guard let real = realpath(root + path, nil), let base = realpath(root.isEmpty ? "/" : root, nil) else {
            return nil
        }
        defer {
            free(real)
            free(base)
        }
        let prefix = String(cString: base)
        return prefix == "/" ? String(cString: real) : String(String(cString: real).dropFirst(prefix.count))
    }

    /// The first line without blanks and the NUL that the device tree puts at its end; nil when it is empty.
    func line(_ path: String) -> String? {
        guard let text = text(path) else { return nil }
        let line = text.prefix { $0 != "\n" && $0 != "\r\n" && $0 != "\0" }.trimmingCharacters(in: .whitespaces)
        return line.isEmpty ? nil : line
    }
}
