import Domain
import Foundation
import Glibc

/// Makes files whose names are bytes, which Foundation cannot.
package struct Tree: Sendable {
    package let root: FilePath

    package init(_ root: String) {
        self.root = FilePath(root)
    }

    package struct Problem: Error, CustomStringConvertible {
        package let description: String
    }

    package func path(_ name: String) -> FilePath { path(bytes: Array(name.utf8)) }

    package func path(bytes name: [UInt8]) -> FilePath { FilePath(bytes: root.bytes + [FilePath.slash] + name) }

    /// Writes a file, and the folders above it.
    @discardableResult
    package func write(_ name: String, _ content: [UInt8]) throws -> FilePath {
        try write(bytes: Array(name.utf8), content)
    }

    @discardableResult
    package func write(bytes name: [UInt8], _ content: [UInt8]) throws -> FilePath {
        let path = path(bytes: name)
        try makeFolder(path.parent)
        let descriptor = path.withCPath { open($0, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644) }
        try check(descriptor >= 0, "open", path)
        defer { close(descriptor) }
        var rest = content[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            try check(count > 0, "write", path)
            rest = rest.dropFirst(count)
        }
        return path
    }

    package func makeFolder(_ path: FilePath) throws {
        if path.withCPath({ mkdir($0, 0o755) }) == 0 || errno == EEXIST { return }
        try check(errno == ENOENT && path.bytes.count > 1, "mkdir", path)
        try makeFolder(path.parent)
        try check(path.withCPath { mkdir($0, 0o755) } == 0, "mkdir", path)
    }

    package func move(_ old: String, to new: String) throws {
        let target = path(new)
        try makeFolder(target.parent)
        let source = path(old)
        try check(source.withCPath { from in target.withCPath { rename(from, $0) } } == 0, "rename", source)
    }

    package func remove(_ name: String) throws {
        let path = path(name)
        try check(path.withCPath { unlink($0) } == 0, "unlink", path)
    }

    package func link(_ name: String, to target: String) throws {
        let path = path(name)
        try makeFolder(path.parent)
        try check(path.withCPath { symlink(target, $0) } == 0, "symlink", path)
    }

    package func check(_ isWell: Bool, _ what: String, _ path: FilePath) throws {
        guard !isWell else { return }
        throw Problem(description: "\(what) \(path.display): \(String(cString: strerror(errno)))")
    }
}

extension FilePath {
    package func withCPath<Value>(_ body: (UnsafePointer<CChar>) -> Value) -> Value {
        (bytes.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { body($0.baseAddress!) }
    }
}
