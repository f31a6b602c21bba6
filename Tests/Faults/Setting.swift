import TestSupport

/// What a run is played on: the lab and its database, with a proxy or a small disk where a fault needs one.
struct Setting: Sendable {
    let lab: Lab
    let engine: any LabEngine
    let server: PostgresServer?
    let cutter: CommitCutter?
    let disk: SmallDisk?

    init(_ plan: ChaosPlan) async throws {
        lab = try Lab()
        let isDiskFilled = plan.faults.contains(.fullDisk)
        switch plan.engine {
        case .sqlite:
            disk = isDiskFilled ? try SmallDisk(lab.data, mebibytes: plan.diskMebibytes) : nil
            server = nil
            cutter = nil
            engine = SQLiteEngine(lab: lab)
        case .postgres:
            let folder = lab.folder + "/disk"
            disk = isDiskFilled ? try SmallDisk(folder, mebibytes: plan.diskMebibytes) : nil
            let server = try await PostgresServer(lab, disk: disk == nil ? nil : folder)
            // Without cuts nothing stands in the way.
            cutter =
                plan.faults.contains(.cutCommit) ? try CommitCutter(serverPort: server.port, seed: plan.seed) : nil
            engine = PostgresEngine(server: server, port: cutter?.port ?? server.port)
            self.server = server
        }
    }
}
