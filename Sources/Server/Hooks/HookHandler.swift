import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1
import State

/// Takes webhooks as they come off the connection, on its own event loop: what a request costs is decoding it, checking
/// it and waiting for the disk, and no task is made for it.
///
/// Only the plain case is taken here: a body of known, moderate length, nothing unusual about the head, and nothing of
/// this connection under way. All else goes on to the routes, which know every case and give the same answers. What comes
/// behind a webhook waits until it is answered, so that answers keep the order of requests.
final class HookHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Stage {
        /// Between two webhooks; other requests pass.
        case idle
        case reading(HookHead)
        case answering(HookHead)
    }

    private enum Item {
        case part(HTTPServerRequestPart)
        case event(Any)
        case failure(any Error)
    }

    private let receiver: any HookReceiving
    private let limits: ServerLimits
    private let logger: Logger
    private var stage = Stage.idle
    /// As far as it was read.
    private var body: [UInt8] = []
    /// What came while a webhook was being answered.
    private var held: [Item] = []
    private var isReadHeld = false
    /// Requests that went on to the routes and are not answered.
    private var others = 0
    private var isReadingOther = false
    /// After an answer that ends the connection, nothing more of it is taken: the routes see to that.
    private var isClosing = false
    private var bodyDeadline: Scheduled<Void>?
    private var idleness: IdleTimer

    init(_ receiver: any HookReceiving, _ limits: ServerLimits, _ logger: Logger) {
        self.receiver = receiver
        self.limits = limits
        self.logger = logger
        idleness = IdleTimer(TimeAmount(limits.headDeadline))
    }

    // MARK: In

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { watchIdleness(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        watchIdleness(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        if isWaiting { held.append(.part(part)) } else { take(part, context) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if case .reading = stage, bodyDeadline == nil {
            // Whoever sends a byte now and then is cut off (fault F115).
            let channel = context.channel
            bodyDeadline = context.eventLoop.scheduleTask(in: TimeAmount(limits.bodyDeadline)) {
                channel.close(promise: nil)
            }
        }
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A service that ends waits for what is being read. Nothing more comes where the other side sends no more.
        if case .reading = stage, !(event is ChannelEvent) {
            held.append(.event(event))
        } else if isWaiting {
            held.append(.event(event))
        } else {
            giveUp(context)
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if isWaiting {
            held.append(.failure(error))
        } else {
            giveUp(context)
            context.fireErrorCaught(error)
        }
    }

    /// Whether what comes has to wait, for an answer or for what came before it.
    private var isWaiting: Bool {
        switch stage {
        case .answering: true
        case .reading: false
        case .idle: !held.isEmpty
        }
    }

    /// What was being read never becomes whole.
    private func giveUp(_ context: ChannelHandlerContext) {
        guard case .reading = stage else { return }
        stopReading()
        stage = .idle
        releaseHeld(context)
    }

    private func stopReading() {
        bodyDeadline?.cancel()
        bodyDeadline = nil
    }

    private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        idleness.touch()
        switch (part, stage) {
        case (.head(let head), _):
            if others == 0, !isClosing, let hook = HookHead(head, limits) {
                body = []
                body.reserveCapacity(hook.length)
                stage = .reading(hook)
                return
            }
            others += 1
            isReadingOther = true
        case (.body(let bytes), .reading):
            body.append(contentsOf: bytes.readableBytesView)
            return
        case (.end, .reading(let hook)):
            stopReading()
            stage = .answering(hook)
            receive(hook, context)
            return
        case (.end, _):
            isReadingOther = false
        default:
            break
        }
        context.fireChannelRead(wrapInboundOut(part))
    }

    private func receive(_ hook: HookHead, _ context: ChannelHandlerContext) {
        let body = body
        self.body = []
        let loop = context.eventLoop
        let bound = NIOLoopBound((self, context), eventLoop: loop)
        // Never at once: what came behind it is taken in a loop and not in a recursion.
        let place = AnswerPlace(loop) { loop.execute($0) }
        receiver.receive(hook.endpoint, headers: hook.headers, body: body, at: place) { answer in
            let (handler, context) = bound.value
            handler.answer(answer, context)
        }
    }

    // MARK: Out

    func read(context: ChannelHandlerContext) {
        // What is held is bounded by what was read already.
        if isWaiting { isReadHeld = true } else { context.read() }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head): if head.headers["connection"].contains("close") { isClosing = true }
        case .end:
            others = max(0, others - 1)
            idleness.touch()
        case .body: break
        }
        context.write(data, promise: promise)
    }

    private func answer(_ outcome: HookAnswer, _ context: ChannelHandlerContext) {
        guard case .answering(let hook) = stage, context.channel.isActive else { return }
        let answer = HookRoutes.answer(outcome)
        logger.debug(
            "request",
            metadata: [
                "method": "POST", "path": "\(hook.path.prefix(200))", "status": .stringConvertible(answer.status.code),
            ])
        context.write(wrapOutboundOut(.head(answer.head)), promise: nil)
        if !answer.body.isEmpty {
            let bytes = context.channel.allocator.buffer(bytes: answer.body)
            context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
        }
        let promise = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        var isTaken = false
        promise.futureResult.assumeIsolatedUnsafeUnchecked().whenComplete { _ in
            isTaken = true
            let (handler, context) = bound.value
            handler.goOn(context)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: promise)
        guard !isTaken else { return }
        // Whoever does not take its answer is cut off.
        let channel = context.channel
        let deadline = context.eventLoop.scheduleTask(in: TimeAmount(limits.answerDeadline)) {
            channel.close(promise: nil)
        }
        promise.futureResult.whenComplete { _ in deadline.cancel() }
    }

    private func goOn(_ context: ChannelHandlerContext) {
        guard case .answering = stage else { return }
        stage = .idle
        idleness.touch()
        releaseHeld(context)
        if isReadHeld, !isWaiting {
            isReadHeld = false
            context.read()
        }
    }

    /// Takes what came meanwhile, up to the next webhook.
    private func releaseHeld(_ context: ChannelHandlerContext) {
        var isRead = false
        while let item = held.first {
            if case .answering = stage { return }
            held.removeFirst()
            switch item {
            case .part(let part):
                take(part, context)
                isRead = true
            case .event(let event): context.fireUserInboundEventTriggered(event)
            case .failure(let error): context.fireErrorCaught(error)
            }
        }
        if isRead { channelReadComplete(context: context) }
    }

    // MARK: Idleness

    /// Whether a request is whole, and the answer is ours to give.
    private var isAtWork: Bool {
        switch stage {
        case .answering: true
        case .reading: false
        case .idle: others > 0 && !isReadingOther
        }
    }

    private func watchIdleness(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        idleness.start(context.eventLoop) {
            let (handler, context) = bound.value
            if handler.isAtWork { return true }
            context.channel.close(promise: nil)
            return false
        }
    }

    private func end() {
        stopReading()
        idleness.stop()
        held = []
        stage = .idle
    }
}
