import NIOCore
import NIOHTTP1

/// What clients wait for beside the answer itself, and hummingbird does not give.
///
/// In HTTP/1.0 a connection ends with its answer, by which such a client knows the end, unless both sides say that it does
/// not (RFC 9112, section 9.3). In HTTP/1.1 one may ask whether its body is wanted before it sends that, and says once whom
/// it wants: who says nothing or more is refused (section 3.2), as others on the way may have read the other host.
final class ConnectionManners: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// To be triggered when the body of the request is about to be read, and its client waits for that.
    struct Continue: Sendable {}

    /// What an answer has to say of the connection.
    private enum Wish: String { case nothing, close, keep = "keep-alive" }

    /// Of the requests that are not answered, in their order.
    private var wishes: [Wish] = []
    /// Since a request that is refused: nothing more is taken of this connection.
    private var isRefusing = false
    private let isHostExpected: Bool

    /// - Parameter isHostExpected: not of a socket of this machine, which is one server's alone
    init(isHostExpected: Bool) {
        self.isHostExpected = isHostExpected
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefusing else { return }
        guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
        if isHostExpected, (head.version.major, head.version.minor) >= (1, 1), head.headers["host"].count != 1 {
            isRefusing = true
            // What came before it is answered first.
            if wishes.isEmpty { refuse(context) }
            return
        }
        guard (head.version.major, head.version.minor) < (1, 1) else {
            wishes.append(.nothing)
            return context.fireChannelRead(data)
        }
        let keeps = head.headers[canonicalForm: "connection"].contains { $0.lowercased() == Wish.keep.rawValue }
        wishes.append(keeps ? .keep : .close)
        if !keeps { head.headers.replaceOrAdd(name: "connection", value: Wish.close.rawValue) }
        // Nor does it know of answers before the answer.
        head.headers.remove(name: "expect")
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where head.status.code >= 200:
            guard let wish = wishes.first, wish != .nothing, head.headers["connection"].isEmpty else { break }
            head.headers.add(name: "connection", value: wish.rawValue)
            return context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end where !wishes.isEmpty:
            wishes.removeFirst()
            guard isRefusing, wishes.isEmpty else { break }
            context.write(data, promise: promise)
            return refuse(context)
        default: break
        }
        context.write(data, promise: promise)
    }

    private func refuse(_ context: ChannelHandlerContext) {
        let text = "say once, in one Host header, whom the request is for\n"
        let headers: HTTPHeaders = [
            "content-type": "text/plain; charset=utf-8", "content-length": "\(text.utf8.count)", "connection": "close",
        ]
        let head = HTTPResponseHead(version: .http1_1, status: .badRequest, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is Continue else { return context.triggerUserOutboundEvent(event, promise: promise) }
        let head = HTTPResponseHead(version: .http1_1, status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: promise)
    }
}
