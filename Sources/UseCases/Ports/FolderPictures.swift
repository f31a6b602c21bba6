import Domain

/// Pictures that lie beside the music. Nothing outside `root` is opened, and no link is followed.
package protocol FolderPictures: Sendable {
    /// Files in the folder that are called as fronts are, the best name first; none when the folder is gone. Throws
    /// `rootUnavailable`.
    func fronts(in folder: FilePath, beneath root: FilePath) async throws -> [FilePath]
    /// Throws a fatal failure for what is no regular file of up to `bytesMax` bytes.
    func read(_ path: FilePath, beneath root: FilePath, bytesMax: Int) async throws -> [UInt8]
}
