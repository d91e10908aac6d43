import NIOCore
import NIOHTTP1

/// Collects one request after another and writes the test's answer to each.
final class ReplyHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private let record: RequestRecord
    private let answer: HTTPTestServer.Answer
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(record: RequestRecord, answer: @escaping HTTPTestServer.Answer) {
        self.record = record
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let part):
            body.append(contentsOf: part.readableBytesView)
        case .end:
            guard let head else { return }
            let request = HTTPTestRequest(
                method: head.method.rawValue, target: head.uri,
                headers: head.headers.map { ($0.name, $0.value) }, body: body)
            record.append(request)
            reply(answer(request), on: context.channel)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func reply(_ reply: HTTPTestReply, on channel: any Channel) {
        let written = channel.writeAndFlush(ByteBuffer(bytes: reply.bytes))
        switch reply.after {
        case .keepAlive, .stall: break
        case .close: written.whenComplete { _ in channel.close(promise: nil) }
        case .later(let bytes, let until):
            Task {
                await until()
                try? await channel.writeAndFlush(ByteBuffer(bytes: bytes))
            }
        case .repeating(let bytes): written.whenSuccess { Self.send(bytes, on: channel) }
        }
    }

    private static func send(_ bytes: [UInt8], on channel: any Channel) {
        // In a later turn of the loop: a write that succeeds at once would otherwise call itself without end.
        channel.writeAndFlush(ByteBuffer(bytes: bytes)).whenSuccess {
            channel.eventLoop.execute { send(bytes, on: channel) }
        }
    }
}
