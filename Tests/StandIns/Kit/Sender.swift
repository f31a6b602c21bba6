import Glibc
import NIOCore
import NIOHTTP1

/// Writes one answer to a client, as told: whole, in drops, in part, without end.
struct Sender {
    let channel: any Channel
    let outgoing: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>
    /// Answers to HEAD have no body.
    let isHead: Bool

    /// Bytes of each piece of an endless body.
    private static let endlessPiece = 65_536

    /// False when the connection is to end.
    func send(_ delivery: Delivery) async throws -> Bool {
        switch delivery {
        case .whole(let reply):
            try await begin(reply)
            if !isHead { try await write(reply.body[...]) }
            try await outgoing.write(.end(nil))
            return true
        case .slow(let reply, let bytesPerSecond):
            try await begin(reply)
            for byte in reply.body {
                try await write([byte])
                try await Task.sleep(for: .seconds(1) / bytesPerSecond)
            }
            try await outgoing.write(.end(nil))
            return true
        case .cutOff(let reply):
            try await begin(reply)
            try await write(reply.body.prefix(reply.body.count / 2))
            return false
        case .endless(let reply):
            try await outgoing.write(.head(head(reply, length: nil)))
            try await write(reply.body.prefix(reply.body.count / 2))
            // Ends when the client has had enough.
            while true { try await write([UInt8](repeating: UInt8(ascii: " "), count: Self.endlessPiece)[...]) }
        case .reset:
            // Closing without lingering is what sends a reset.
            if let socket = channel as? any SocketOptionProvider {
                try await socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
            }
            try await channel.close()
            return false
        case .silence:
            return false
        }
    }

    private func begin(_ reply: Reply) async throws {
        try await outgoing.write(.head(head(reply, length: reply.body.count)))
    }

    private func write(_ bytes: ArraySlice<UInt8>) async throws {
        guard !bytes.isEmpty else { return }
        try await outgoing.write(.body(.byteBuffer(ByteBuffer(bytes: bytes))))
    }

    private func head(_ reply: Reply, length: Int?) -> HTTPResponseHead {
        var headers = HTTPHeaders(reply.headers.map { ($0.name, $0.value) })
        if let length, reply.status != 204, reply.status != 304 {
            headers.replaceOrAdd(name: "Content-Length", value: "\(length)")
        }
        return HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: reply.status), headers: headers)
    }
}
