import Contracts
import Glibc
import TestSupport
import Testing

/// A server that takes what it is sent and never answers, as one does whose machine swaps or whose process is frozen.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct SilentServerTests {
    /// Beyond two tries of two seconds to say good-bye, and some for a busy machine.
    private static let limit = Duration.seconds(15)

    @Test("A worker that registers with a silent server, and tells it of its device, stops when it is told to")
    func neverAnswers() async throws {
        let lab = try Lab()
        let server = try SilentServer()
        let device = try lab.start(
            ["worker", "--roles", "audio", "--server", server.address, "--cache", lab.folder + "/cache"],
            // Held back from the start, which it tells at once.
            environment: ["SILLON_TOKEN": "sillon_x", "SILLON_QUIET_HOURS": "00:00-24:00"])
        try await until("it asks to be registered, and tells that it is held back") { server.waiting >= 2 }
        device.signal(SIGTERM)
        #expect(try await device.waitForExit(Self.limit) == .code(0), "\(device.words)")
    }

    @Test("A worker whose server is frozen stops when it is told to")
    func frozen() async throws {
        let lab = try Lab()
        let server = try await ServerProcess.start(lab, .serve)
        let device = try await Fleet.remoteWorker(lab, server.api, roles: "audio")
        try await until("the device is known") {
            try await server.api.ask(.get, "/v1/workers").items.contains {
                $0["process_id"]?.int == Int64(device.id) && $0["alive"]?.flag == true
            }
        }
        server.process.signal(SIGSTOP)
        defer { server.process.signal(SIGCONT) }
        device.signal(SIGTERM)
        #expect(try await device.waitForExit(Self.limit) == .code(0), "\(device.words)")
    }
}

/// A port of the loopback whose connections the kernel takes, and nobody else.
private final class SilentServer: Sendable {
    private let descriptor: Int32
    let address: String
    private let port: UInt16

    struct NoSocket: Error {}

    init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw NoSocket() }
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                bind(descriptor, name, length) == 0 && listen(descriptor, 64) == 0
                    && getsockname(descriptor, name, &length) == 0
            }
        }
        guard isBound else {
            close(descriptor)
            throw NoSocket()
        }
        self.descriptor = descriptor
        port = UInt16(bigEndian: name.sin_port)
        address = "http://127.0.0.1:\(port)"
    }

    deinit { close(descriptor) }

    /// Clients that have connected to it and hold on.
    var waiting: Int {
        let local = "0100007F:" + String(port, radix: 16, uppercase: true).leftPadded(to: 4)
        return Lab.text("/proc/net/tcp").split(separator: "\n").count { line in
            let fields = line.split(separator: " ")
            // 01 is ESTABLISHED (include/net/tcp_states.h); the third field is the other end, here the server.
            return fields.count > 3 && fields[2] == local && fields[3] == "01"
        }
    }
}

extension String {
    fileprivate func leftPadded(to width: Int) -> String { String(repeating: "0", count: max(0, width - count)) + self }
}
