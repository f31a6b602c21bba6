import Domain
import Testing

@testable import Files

@Suite("The folders that are watched")
struct WatchTreeTests {
    private static func name(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test("Paths come from names; a removed folder takes everything below along, and its number is used again")
    func paths() throws {
        var tree = WatchTree(root: FilePath("/m"), watch: 1)
        let album = tree.add(Self.name("a"), in: WatchTree.root, watch: 2)
        let disc = tree.add(Self.name("1"), in: album, watch: 3)
        let other = tree.add(Self.name("b"), in: WatchTree.root, watch: 4)
        #expect(tree.path(of: disc).display == "/m/a/1")
        #expect(tree.find(FilePath("/m/a/1")) == disc && tree.find(FilePath("/m")) == WatchTree.root)
        #expect(tree.find(FilePath("/m/c")) == nil && tree.find(FilePath("/mm")) == nil)
        #expect(tree.depth(of: disc) == 2 && tree.count(in: album, upTo: 9) == 2)
        #expect(tree.count(in: WatchTree.root, upTo: 3) == 3)
        #expect(Set(tree.remove(album)) == [2, 3])
        #expect(tree.count == 2 && tree.folders(of: 3) == [] && tree.folders(of: 4) == [other])
        let again = tree.add(Self.name("c"), in: WatchTree.root, watch: 5)
        #expect([album, disc].contains(again) && !tree.isIgnored(again))
        #expect(tree.path(of: again).display == "/m/c")
    }

    @Test("A watch that stands for two folders ends with the second")
    func twice() {
        var tree = WatchTree(root: FilePath("/"), watch: 1)
        let first = tree.add(Self.name("a"), in: WatchTree.root, watch: 2)
        let second = tree.add(Self.name("b"), in: WatchTree.root, watch: 2)
        #expect(Set(tree.folders(of: 2)) == [first, second])
        #expect(tree.remove(first) == [])
        #expect(tree.folders(of: 2) == [second])
        #expect(tree.remove(second) == [2])
        #expect(tree.folders(of: 2) == [])
        #expect(tree.path(of: WatchTree.root).display == "/")
    }

    @Test("A folder that is met below itself is a loop")
    func loop() {
        var tree = WatchTree(root: FilePath("/m"), watch: 1)
        let album = tree.add(Self.name("a"), in: WatchTree.root, watch: 2)
        #expect(tree.isLoop(1, in: album) && tree.isLoop(2, in: album) && !tree.isLoop(3, in: album))
        #expect(!tree.isLoop(2, in: WatchTree.root))
    }

    @Test("The bound follows the memory")
    func bound() {
        #expect(WatchBudget.limit(memoryBytes: 256 << 20) == 8192)
        #expect((13_000...15_000).contains(WatchBudget.limit(memoryBytes: 1 << 30)))
        #expect(WatchBudget.limit(memoryBytes: 1 << 40) == 200_000)
    }
}
