import NIOCore

/// Tells when nothing has been heard of a connection for so long. To be used on its event loop.
final class IdleTimer {
    private let patience: TimeAmount
    private var last = NIODeadline.now()
    private var timer: Scheduled<Void>?

    init(_ patience: TimeAmount) {
        self.patience = patience
    }

    /// Something was heard.
    func touch() { last = .now() }

    /// - Parameter onIdle: whether to go on all the same
    func start(_ loop: any EventLoop, _ onIdle: @escaping () -> Bool) {
        guard timer == nil else { return }
        touch()
        wait(loop, onIdle)
    }

    func stop() {
        timer?.cancel()
        timer = nil
        isStopped = true
    }

    private var isStopped = false

    private func wait(_ loop: any EventLoop, _ onIdle: @escaping () -> Bool) {
        guard !isStopped else { return }
        timer = loop.assumeIsolatedUnsafeUnchecked().scheduleTask(deadline: last + patience) { [self] in
            if NIODeadline.now() >= last + patience {
                guard onIdle() else { return }
                touch()
            }
            wait(loop, onIdle)
        }
    }
}
