import Foundation

/// A file or standard input, line by line, in bounded memory.
struct LineReader: ~Copyable {
    enum Line: Hashable {
        case text(String)
        /// Longer than the limit; its bytes were passed over.
        case tooLong

        /// Nil when it is too long.
        var text: String? {
            if case .text(let text) = self { text } else { nil }
        }
    }

    private let file: UnsafeMutablePointer<FILE>
    private let name: String
    private let maxBytes: Int
    private var buffer: [UInt8]
    private var unread: Range<Int> = 0..<0

    private static let bufferBytes = 1 << 16
    private static let newline = UInt8(ascii: "\n")

    /// - Parameter path: `-` stands for standard input.
    init(path: String, maxBytes: Int) throws(CommandError) {
        guard let file = path == "-" ? fdopen(dup(STDIN_FILENO), "r") : fopen(path, "re") else {
            throw .failed("cannot open \(path): \(SystemMessage.last)")
        }
        self.file = file
        name = path == "-" ? "standard input" : path
        self.maxBytes = maxBytes
        buffer = [UInt8](repeating: 0, count: Self.bufferBytes)
    }

    deinit {
        fclose(file)
    }

    /// Nil at the end. The last line may lack its end.
    mutating func next() throws(CommandError) -> Line? {
        var line: [UInt8] = []
        var (isTooLong, hasBytes) = (false, false)
        while try fill() {
            hasBytes = true
            let end = buffer[unread].firstIndex(of: Self.newline) ?? unread.upperBound
            isTooLong = isTooLong || line.count + end - unread.lowerBound > maxBytes
            if isTooLong { line = [] } else { line += buffer[unread.lowerBound..<end] }
            let isWhole = end < unread.upperBound
            unread = min(end + 1, unread.upperBound)..<unread.upperBound
            if isWhole { break }
        }
        guard hasBytes else { return nil }
        return isTooLong ? .tooLong : .text(String(decoding: line, as: UTF8.self))
    }

    /// False at the end of the file.
    private mutating func fill() throws(CommandError) -> Bool {
        guard unread.isEmpty else { return true }
        let count = fread(&buffer, 1, buffer.count, file)
        guard count > 0 || ferror(file) == 0 else { throw .failed("cannot read \(name): \(SystemMessage.last)") }
        unread = 0..<count
        return count > 0
    }
}
