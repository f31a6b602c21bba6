/// One run: what is disturbed, how, and for how long.
package struct ChaosPlan: Sendable {
    package var engine: EngineName
    /// Everything random in a run comes from it; which thread is quicker does not.
    package var seed: UInt64
    /// Of faults, shared out among them.
    package var seconds: Double
    package var faults: [Fault]
    package var servers = 2
    package var workers = 3
    package var workerProgram = WorkerProgram.sillon
    /// The folder that is scanned. Nothing is written to it.
    package var music: String
    /// The system has so long to come to rest when the faults are over.
    package var restSeconds = 300.0

    package init(engine: EngineName, seed: UInt64, seconds: Double, faults: [Fault], music: String) {
        self.engine = engine
        self.seed = seed
        self.seconds = seconds
        self.faults = faults
        self.music = music
    }

    /// A disk of this size is filled to its last byte, where mounting is permitted.
    var diskMebibytes: Int { engine == .sqlite ? 64 : 384 }
}
