import NIOCore
import UseCases

/// Sees that the client of a connection has closed its side, without taking part in reading requests.
final class HangUpHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    let hangUp = StopSignal()

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed { hangUp.raise() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        hangUp.raise()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        hangUp.raise()
        context.fireErrorCaught(error)
    }
}

/// The other end of a request's connection.
struct ClientPresence: Sendable {
    let channel: any Channel

    /// What is being sent to it fails.
    func disconnect() { channel.close(promise: nil) }

    /// Raised when the client has hung up; never, when that cannot be seen.
    func hangUp() async -> StopSignal {
        let channel = channel
        let found = channel.eventLoop.submit {
            try channel.pipeline.syncOperations.handler(type: HangUpHandler.self).hangUp
        }
        // A pipeline without the handler is that of a test without a network, whose client does not hang up.
        return (try? await found.get()) ?? StopSignal()  // see above
    }
}
