import Foundation
import TestSupport

/// A proxy with TLS in front of a server, with a certificate that nobody has signed but itself.
final class TLSProxy: Sendable {
    /// Its certificate, as PEM.
    let certificate: String
    let url: String
    private let process: SpawnedProcess

    /// - Parameter server: `http://127.0.0.1:port`.
    init(_ lab: Lab, before server: String) async throws {
        let (certificate, key) = (lab.folder + "/tls.pem", lab.folder + "/tls.key")
        try Tool.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out",
                certificate,
            ])
        let port = try Self.port(of: server)
        let process = try SpawnedProcess(
            "/usr/bin/python3", ["-c", Self.program, certificate, key, port], environment: [:],
            log: lab.folder + "/tls-proxy")
        let own = try await until("the proxy listens") { () -> String? in
            let text = Lab.text(process.output)
            return text.hasSuffix("\n") ? text.trimmingCharacters(in: .whitespacesAndNewlines) : nil
        }
        self.certificate = certificate
        self.process = process
        url = "https://localhost:\(own)"
    }

    private static func port(of server: String) throws -> String {
        guard let port = server.split(separator: ":").last else {
            throw Client.Unexpected(description: "no port in \(server)")
        }
        return String(port)
    }

    /// Passes bytes on in both directions, a connection at a time for each pair of threads.
    private static let program = """
        import socket, ssl, sys, threading
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        listener = socket.create_server(("127.0.0.1", 0))
        print(listener.getsockname()[1], flush=True)

        def pump(source, sink):
            try:
                while data := source.recv(65536):
                    sink.sendall(data)
            except OSError:
                pass
            for end in (source, sink):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

        def serve(client):
            try:
                client = context.wrap_socket(client, server_side=True)
                server = socket.create_connection(("127.0.0.1", int(sys.argv[3])))
            except OSError:
                return client.close()
            threading.Thread(target=pump, args=(client, server), daemon=True).start()
            pump(server, client)

        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
        """
}
