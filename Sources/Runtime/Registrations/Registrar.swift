import Agents
import Logging
import Outbound
import ServiceLifecycle
import Spec
import State
import Synchronization
import Values

/// Keeps webhooks at their senders as the revision in force declares them, and has sent again what did not come through.
///
/// It compares what is declared with what it has done, which is recorded before and after each step, so that a start
/// after a crash is the same as any other look: a webhook is found again by its address, and nothing is made twice.
package struct Registrar: Service {
    let store: StateStore
    let catalogs: AppliedCatalog
    let client: OutboundClient
    let secrets: SecretLookup
    let settings: RegistrarSettings
    let clock: any RuntimeClock
    let random: @Sendable () -> Double
    let logger: Logger
    let memory = RegistrarMemory()

    /// Webhooks that are looked after at the same time.
    private static let concurrency = 4
    /// How long an error of the state that may pass is waited out.
    private static let pause = Duration.seconds(5)
    /// No sender is left alone for longer (a day and a spread): who is was so by a clock that was ahead.
    static let longest = Duration.seconds(25 * 3_600)

    /// - Parameter random: 0 to 1
    package init(
        store: StateStore, catalogs: AppliedCatalog, client: OutboundClient, secrets: @escaping SecretLookup,
        settings: RegistrarSettings, clock: any RuntimeClock, random: @escaping @Sendable () -> Double, logger: Logger
    ) {
        self.store = store
        self.catalogs = catalogs
        self.client = client
        self.secrets = secrets
        self.settings = settings
        self.clock = clock
        self.random = random
        self.logger = logger
    }

    /// Runs until the service is told to shut down, the task is cancelled, or the state is of no more use.
    package func run() async throws {
        try await cancelWhenGracefulShutdown { try await self.loop() }
    }

    private func loop() async throws {
        var revision: RevisionInForce?
        var next: Instant?
        var seen = clock.now()
        try await store.lookAgain(clock) {
            let now = clock.now()
            // What was to be looked at later by a clock that was ahead is looked at now.
            let isSetBack = now < seen
            seen = now
            do {
                next = try await look(&revision, due: next, isSetBack: isSetBack)
            } catch let error as StateError where error.isTransient {
                logger.warning("webhooks at their senders have to wait: \(error)")
                revision = nil
                next = clock.now().advanced(by: Self.pause)
            }
            return next
        }
    }

    /// Returns when the next webhook is due if nothing changes before.
    private func look(
        _ revision: inout RevisionInForce?, due: Instant?, isSetBack: Bool
    ) async throws -> Instant? {
        guard let current = try catalogs.current() else { return nil }
        let rows: [Registration]
        // What a sender asked of the process before goes for this one, too.
        if revision == nil { for row in try store.reader.registrations() { memory.resume(row) } }
        if !current.isSame(as: revision) {
            let declared = try store.declare(
                Declarations(settings: settings).all(in: current.catalog), by: current.revision.number,
                lookingAt: revision == nil, at: clock.now())
            guard let declared else { return clock.now() }
            rows = declared
            revision = current
        } else {
            guard let due else { return nil }
            guard due <= clock.now() || isSetBack else { return due }
            rows = try store.reader.registrations()
        }
        let now = clock.now()
        let limit = now.advanced(by: Self.longest)
        let due = rows.filter { $0.dueAt <= now || isSetBack || $0.dueAt > limit }
        // First what is to be there: it takes over what is at the sender already.
        try await work(on: due.filter { $0.standing != .removing })
        try await work(on: due.filter { $0.standing == .removing })
        return try store.reader.registrations().map(\.dueAt).min()
    }

    private func work(on rows: [Registration]) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var waiting = rows[...]
            for row in waiting.prefix(Self.concurrency) { group.addTask { try await attend(row) } }
            waiting = waiting.dropFirst(Self.concurrency)
            while try await group.next() != nil {
                guard !Task.isCancelled, let row = waiting.popFirst() else { continue }
                group.addTask { try await attend(row) }
            }
        }
    }

    /// One step with one webhook; what it comes to is recorded.
    private func attend(_ row: Registration) async throws {
        var redactor = Redactor()
        do {
            if let until = memory.pause(of: row, now: clock.now()) {
                throw SenderProblem(.limited(until: until), "the sender's rate limit is used up until \(until.rfc3339)")
            }
            if row.standing == .removing {
                // What followed it may have taken it over.
                guard let row = try store.reader.registration(row.number), row.standing == .removing else { return }
                let wasThere = try await remove(row, &redactor)
                try store.unregistered(row.number)
                let end = wasThere ? "was removed from" : "that is no longer declared is not at"
                logger.notice("a webhook \(end) its sender", metadata: metadata(row))
            } else {
                try await keep(row, &redactor)
            }
        } catch let problem as SenderProblem {
            // Whoever stops has nothing to report; the next start goes on.
            if Task.isCancelled { return }
            try record(problem, of: row, redactor)
        } catch let error as StateError {
            throw error
        }
    }

    private func keep(_ row: Registration, _ redactor: inout Redactor) async throws {
        switch row.declared.sender {
        case .github: try await keepHook(row, &redactor)
        case .telegram: try await keepBot(row, &redactor)
        }
        if row.standing != .registered {
            logger.notice("a webhook is registered at its sender", metadata: metadata(row))
        }
    }

    /// Returns whether there was anything to remove.
    private func remove(_ row: Registration, _ redactor: inout Redactor) async throws -> Bool {
        let wasThere =
            switch row.declared.sender {
            case .github: try await removeHook(row, &redactor)
            case .telegram: try await removeBot(row, &redactor)
            }
        memory.forget(row.number)
        return wasThere
    }

    /// What is declared of the same resource in the place of what is to be removed.
    func successors(of row: Registration) throws(StateError) -> [Registration] {
        try store.reader.registrations().filter {
            $0.id == row.id && $0.declared.sender == row.declared.sender && $0.standing != .removing
        }
    }

    /// A new one takes over what is known of the one in whose place it is, where that is the very same at the sender:
    /// a repository that was renamed, a bot whose token is kept elsewhere now.
    func follow(_ row: Registration, where isSame: (Registration) -> Bool) throws(StateError) -> Registration {
        guard !row.wasMade else { return row }
        let former = try store.reader.registrations().last {
            $0.id == row.id && $0.declared.sender == row.declared.sender && $0.standing == .removing && $0.wasMade
                && isSame($0)
        }
        guard let former else { return row }
        try store.follow(former.number, by: row.number, at: clock.now())
        return try store.reader.registration(row.number) ?? row
    }

    private func record(_ problem: SenderProblem, of row: Registration, _ redactor: Redactor) throws(StateError) {
        let now = clock.now()
        var limit: Instant?
        if case .limited(let until) = problem.code {
            memory.pause(row, until: until)
            limit = until
        }
        let message = redactor.redact(problem.message)
        try store.registrationFailed(
            row.number, problem: message, isPassing: problem.isPassing,
            isAbsent: problem.isAbsent && row.standing == .registered, limit: limit,
            next: problem.next(afterAttempt: row.attempt + 1, now: now, random: random()), at: now)
        logger.warning("a webhook cannot be looked after: \(message)", metadata: metadata(row))
    }

    func metadata(_ row: Registration) -> Logger.Metadata {
        ["resource": "\(row.id)", "sender": "\(row.declared.sender.rawValue)"]
    }

    /// The value of a secret, which no message repeats from then on.
    func secret(
        _ reference: SecretReference?, _ what: String, _ redactor: inout Redactor
    ) throws(SenderProblem) -> String {
        guard let reference else { throw SenderProblem(.refused, "the manifest names no \(what)") }
        do {
            let value = try secrets(reference)
            redactor.add(value)
            return value
        } catch {
            throw SenderProblem(.refused, "the \(what) cannot be used: \(error)")
        }
    }

    func address(of row: Registration) throws(SenderProblem) -> String {
        guard let url = row.declared.url else {
            throw SenderProblem(
                .refused, "nobody said how senders reach this service: start `writ serve` with --public-url https://…")
        }
        return url
    }
}
