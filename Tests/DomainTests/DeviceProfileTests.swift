import Domain
import TestSupport
import Testing

@Suite struct DeviceProfileTests {
    struct Expectation: Sendable, CustomTestStringConvertible {
        let model: String
        let cores: Int
        let memoryMiB: Int64
        let audioSlots: Int
        let indexerSlots: Int
        let isSmall: Bool

        var testDescription: String { model }
        var profile: DeviceProfile {
            DeviceProfile(model: model, cores: cores, memoryBytes: memoryMiB << 20)
        }
    }

    /// Memory as the kernel reports it, which is less than what is printed on the box.
    private static let devices = [
        Expectation(
            model: "Raspberry Pi Zero 2 W", cores: 4, memoryMiB: 416, audioSlots: 1, indexerSlots: 1, isSmall: true),
        Expectation(
            model: "Raspberry Pi 3 B+", cores: 4, memoryMiB: 906, audioSlots: 3, indexerSlots: 1, isSmall: true),
        Expectation(
            model: "Raspberry Pi 4, 2 GB", cores: 4, memoryMiB: 1848, audioSlots: 3, indexerSlots: 2, isSmall: false),
        Expectation(
            model: "Raspberry Pi 5, 8 GB", cores: 4, memoryMiB: 8063, audioSlots: 3, indexerSlots: 2, isSmall: false),
        Expectation(model: "server", cores: 32, memoryMiB: 131_072, audioSlots: 8, indexerSlots: 2, isSmall: false),
        Expectation(model: "one core", cores: 1, memoryMiB: 512, audioSlots: 1, indexerSlots: 1, isSmall: true),
        Expectation(model: "two cores", cores: 2, memoryMiB: 4096, audioSlots: 2, indexerSlots: 1, isSmall: false),
    ]

    @Test("What follows from cores and memory", arguments: devices)
    func slots(device: Expectation) {
        #expect(device.profile.audioSlots == device.audioSlots)
        #expect(device.profile.indexerSlots == device.indexerSlots)
        #expect(device.profile.isSmall == device.isSmall)
    }

    @Test("A small device takes smaller batches and keeps less in memory")
    func small() {
        let zero = DeviceProfile(model: "Raspberry Pi Zero 2 W", cores: 4, memoryBytes: 416 << 20)
        let server = DeviceProfile(model: "server", cores: 32, memoryBytes: 128 << 30)
        #expect(zero.indexBatch < server.indexBatch)
        #expect(zero.vectorBatch < server.vectorBatch)
        #expect(zero.databaseCacheKiB < server.databaseCacheKiB)
    }

    @Test("No device has no slot, and audio never takes more memory than there is", arguments: UInt64(1)...20)
    func bounds(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<100 {
            let profile = DeviceProfile(
                model: "any", cores: Int.random(in: -2...256, using: &random),
                memoryBytes: Int64.random(in: -1...(1 << 38), using: &random))
            #expect(profile.cores >= 1)
            #expect((1...8).contains(profile.audioSlots))
            #expect(profile.audioSlots <= profile.cores)
            #expect(profile.audioSlots == 1 || Int64(profile.audioSlots) * 100 << 20 < profile.memoryBytes)
            #expect(profile.indexerSlots >= 1 && profile.indexBatch >= 1 && profile.vectorBatch >= 1)
        }
    }
}
