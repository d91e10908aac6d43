import Logging
import NIOCore
import NIOHTTP1

/// Puts the handler of webhooks where requests come out of the decoder: hummingbird has no place for it there.
final class HookDoor: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let handler: HookHandler

    init(_ receiver: any HookReceiving, _ limits: ServerLimits, _ logger: Logger) {
        handler = HookHandler(receiver, limits, logger)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        do {
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(handler, position: .after(decoder))
        } catch {
            // Without it every request goes to the routes, but nobody watches over connections that say nothing.
            context.fireErrorCaught(error)
            context.close(promise: nil)
        }
    }
}
