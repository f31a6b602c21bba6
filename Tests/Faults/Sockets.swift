import Glibc

/// What a small proxy needs of TCP on the loopback.
enum Sockets {
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// A listening socket on a free port.
    static func listen() throws -> (socket: Int32, port: Int) {
        let listener = try made()
        var address = loopback(port: 0)
        try check(with(&address) { bind(listener, $0, $1) }, "bind")
        try check(Glibc.listen(listener, 64), "listen")
        var bound = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutableBytes(of: &bound) { bytes in
            getsockname(listener, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
        }
        try check(result, "getsockname")
        return (listener, Int(UInt16(bigEndian: bound.sin_port)))
    }

    static func connect(port: Int) throws -> Int32 {
        let socket = try made()
        var address = loopback(port: port)
        guard with(&address, { Glibc.connect(socket, $0, $1) }) == 0 else {
            close(socket)
            throw Problem(description: "connect: \(String(cString: strerror(errno)))")
        }
        return socket
    }

    /// Bytes that have come; empty at the end of the stream or after an error.
    static func receive(_ socket: Int32, into buffer: inout [UInt8]) -> ArraySlice<UInt8> {
        let count = recv(socket, &buffer, buffer.count, 0)
        return count > 0 ? buffer[..<count] : []
    }

    static func sendAll(_ bytes: ArraySlice<UInt8>, to socket: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func made() throws -> Int32 {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        try check(socket, "socket")
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        return socket
    }

    private static func loopback(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }

    private static func with(
        _ address: inout sockaddr_in, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private static func check(_ result: Int32, _ what: String) throws {
        guard result < 0 else { return }
        throw Problem(description: "\(what): \(String(cString: strerror(errno)))")
    }
}

/// A port of the loopback that was free a moment ago.
enum FreePort {
    static func find() throws -> Int {
        let (socket, port) = try Sockets.listen()
        close(socket)
        return port
    }
}
