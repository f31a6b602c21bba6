import Domain

/// A regular file that is open for reading, and what it was when it was opened.
package struct OpenFile: ~Copyable {
    let descriptor: Descriptor
    package let facts: FileFacts
    package let path: FilePath

    init(_ descriptor: consuming Descriptor, facts: FileFacts, path: FilePath) {
        self.descriptor = descriptor
        self.facts = facts
        self.path = path
    }

    /// Valid as long as this value lives.
    package var number: Int32 { descriptor.number }
}
