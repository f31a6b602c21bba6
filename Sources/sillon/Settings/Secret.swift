/// A value that must not be printed: its description hides it.
struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let value: String

    init(_ value: String) {
        self.value = value
    }

    var description: String { "[hidden]" }
    var debugDescription: String { "[hidden]" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
