import Logging
import ServiceLifecycle
import Spec
import State
import Values

/// Says which webhooks nobody gets in by, because none of their secrets can be used: when they are applied, now and then,
/// and when somebody sends and finds it otherwise.
package struct SecretWatch: Service {
    private let store: StateStore
    private let catalogs: AppliedCatalog
    private let secrets: SecretLookup
    private let news: SecretNews
    private let clock: any RuntimeClock
    private let logger: Logger

    /// How often is looked whether files of secrets came or went.
    private static let interval = Duration.seconds(300)
    private static let pause = Duration.seconds(5)

    package init(
        store: StateStore, catalogs: AppliedCatalog, secrets: @escaping SecretLookup, news: SecretNews,
        clock: any RuntimeClock, logger: Logger
    ) {
        self.store = store
        self.catalogs = catalogs
        self.secrets = secrets
        self.news = news
        self.clock = clock
        self.logger = logger
    }

    /// Runs until the service is told to shut down, the task is cancelled, or the state is of no more use.
    package func run() async throws {
        try await cancelWhenGracefulShutdown { try await self.loop() }
    }

    private func loop() async throws {
        var seen: RevisionInForce?
        var next = clock.now()
        var told: Set<String> = []
        try await store.lookAgain(clock, news.wakeup) {
            do {
                guard let revision = try catalogs.current() else { return nil }
                let now = clock.now()
                // A look that a clock which was ahead put off comes now.
                let isPutOff = now < next && next <= now.advanced(by: Self.interval)
                if revision.isSame(as: seen), isPutOff, !news.isDifferent { return next }
                try look(revision, &told, now)
                seen = revision
                next = now.advanced(by: Self.interval)
            } catch let error as StateError where error.isTransient {
                logger.warning("the secrets of webhooks are looked at later: \(error)")
                next = clock.now().advanced(by: Self.pause)
            }
            return next
        }
    }

    /// - Parameter told: what was logged already
    private func look(_ revision: RevisionInForce, _ told: inout Set<String>, _ now: Instant) throws(StateError) {
        var found: [ResourceID: String?] = [:]
        var usableByEndpoint: [String: Bool] = [:]
        var wrong: Set<String> = []
        let endpoints =
            revision.triggers.filter { $0.spec.webhook != nil }.map { (Trigger.id($0.name), .trigger($0.name)) }
            + revision.catalog.all(Repository.self).map {
                (Repository.id($0.name), EventFacts.Endpoint.repository($0.name))
            }
        for (id, endpoint) in endpoints {
            guard case .found(let place) = Endpoint.find(endpoint, in: revision) else { continue }
            var problems: [String] = []
            let usable = place.usableSecrets(secrets) { problems.append($0) }
            usableByEndpoint[place.name] = !usable.isEmpty
            let other = Self.repository(feeding: endpoint, in: revision).map {
                "what comes to /hooks/repositories/\($0) starts it all the same"
            }
            let message = (problems + [other].compactMap(\.self)).joined(separator: "; ")
            found[id] = .some(usable.isEmpty ? message : nil)
            for problem in problems {
                let line = "\(id) \(problem)"
                wrong.insert(line)
                guard told.insert(line).inserted else { continue }
                let what =
                    !usable.isEmpty
                    ? "a webhook has but one secret that counts"
                    : "nobody gets in by this webhook" + (other.map { ", and \($0)" } ?? "")
                logger.warning("\(what): \(problem)", metadata: ["resource": "\(id)"])
            }
        }
        told.formIntersection(wrong)
        try store.note(.secretUnusable, found, isAll: true, at: now)
        news.looked(usableByEndpoint)
    }

    /// What else starts a trigger, signed with a secret of its own.
    private static func repository(
        feeding endpoint: EventFacts.Endpoint, in revision: RevisionInForce
    ) -> String? {
        guard case .trigger(let name) = endpoint,
            let repository = revision.triggersByName[name]?.webhook?.repository?.name,
            case .found = Endpoint.find(.repository(repository), in: revision)
        else { return nil }
        return repository
    }
}
