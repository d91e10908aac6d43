import NIOCore
import NIOHTTP1

/// Puts handlers where requests come out of the decoder, in their order: hummingbird has no place for them there.
final class RequestDoor: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let handlers: [any ChannelHandler]

    init(_ handlers: [any ChannelHandler]) {
        self.handlers = handlers
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        do {
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandlers(handlers, position: .after(decoder))
        } catch {
            // Without them every request goes to the routes, but nobody watches over connections that say nothing.
            context.fireErrorCaught(error)
            context.close(promise: nil)
        }
    }
}
