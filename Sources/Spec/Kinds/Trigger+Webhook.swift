import Values

extension Trigger {
    /// Fires on what another service sends to `/hooks/{trigger}`.
    package struct Webhook: SpecObject, Hashable {
        package let source: Source
        package let repository: Reference<Repository>?
        package let events: [String]?
        package let secret: SecretReferences
        package let signature: Signature
        package let bearer: Bool
        package let idHeader: String
        package let eventHeader: String
        package let rateLimit: WebhookRateLimit
        package let manage: Bool
        package let token: SecretReference?

        package enum Source: String, SpecChoice {
            case github
            case slack
            case telegram
            case standard
            case generic
            case cloudevents
        }

        package static let schema = Schema<Webhook>(
            "Fires on what another service sends.",
            Field(
                "source", \.source, "Who sends, which decides the signature, the event's name and its id."),
            Field("repository", optional: \.repository, "Source github: only events of this repository."),
            Field("events", optional: \.events, "Only these events; `pull_request` means all its actions, `*` any."),
            Field("secret", \.secret, "What the sender signs with; two while one takes over from the other."),
            Field("signature", \.signature, "Source generic: how it signs.", default: .standard),
            Field("bearer", \.bearer, "Source generic: the secret is sent as `Authorization: Bearer`.", default: false),
            Field(
                "idHeader", \.idHeader, "Source generic: the header with the delivery's id.", default: "Idempotency-Key"
            ),
            Field(
                "eventHeader", \.eventHeader, "Source generic: the header with the event's name.", default: "X-Event"),
            Field("rateLimit", \.rateLimit, "How many events are taken; more are to come again.", default: .standard),
            Field(
                "manage", \.manage, "Source telegram: whether writ keeps the bot's webhook at Telegram itself.",
                default: false),
            Field("token", optional: \.token, "Source telegram: the bot's token, by which its webhook is managed."),
            constraints: [.atMostOne(["signature", "bearer"])],
            rules: [
                Rule(on: ["signature", "bearer", "idHeader", "eventHeader"], Webhook.genericFieldsOnlyThere),
                Rule(on: ["repository"], unless: Webhook.isSurelyOfGitHub, Webhook.repositoryOnlyOfGitHub),
                Rule(on: ["manage", "token"], Webhook.managedOnlyAtTelegram),
                Rule(on: ["events"], unless: Webhook.eventsAreSurelyKnown, Webhook.eventsAreKnown),
                Rule(
                    on: ["events"], unless: Webhook.eventsAreSurelySound,
                    Webhook.eventsAreSound),
                Rule(on: ["idHeader", "eventHeader", "signature"], Webhook.headersHaveNames),
            ],
            make: Webhook.init)

        private static func isSurelyOfGitHub(_ node: Int, _ reading: borrowing PlainReading) -> Bool {
            guard let source = reading.child("source", of: node), reading.yaml.nodes[source].isScalar else {
                return false
            }
            return reading.text(of: source).equals("github")
        }

        private static func eventsAreSurelyKnown(_ node: Int, _ reading: borrowing PlainReading) -> Bool {
            guard let events = reading.child("events", of: node) else { return false }
            return isSurelyOfGitHub(node, reading) && SenderEvents.gitHub.surelyHold(events, reading)
        }

        private static func eventsAreSurelySound(_ node: Int, _ reading: borrowing PlainReading) -> Bool {
            guard let events = reading.child("events", of: node) else { return false }
            return EventPattern.areSurelySound(events, reading)
        }

        private static func eventsAreSound(
            _ webhook: JSON, _ node: Node, _ reading: ManifestReading
        ) -> [Diagnostic] {
            guard let events = node["events"], case .sequence(let items) = events.content else { return [] }
            guard !items.isEmpty else {
                return [
                    Diagnostic(
                        .error, .badValue, "of no events none ever comes",
                        at: Place(path: reading.path, mark: events.mark), fix: "leave `events` out for all of them")
                ]
            }
            return EventPattern.warnings(of: webhook["events"], node, ["events"], reading)
        }

        private static func headersHaveNames(
            _ webhook: JSON, _ node: Node, _ reading: ManifestReading
        ) -> [Diagnostic] {
            [["idHeader"], ["eventHeader"], ["signature", "header"]].compactMap { path in
                let pointer = JSONPointer(path)
                guard let name = webhook.value(at: pointer)?.string, !isFieldName(name) else { return nil }
                return Diagnostic(
                    .error, .badValue, "\(quoted(name)) is no name of a header",
                    at: Place(path: reading.path, mark: node.mark(at: pointer)),
                    fix: "write letters, digits and `-`, such as X-Event")
            }
        }

        /// A token of RFC 9110, section 5.6.2.
        private static func isFieldName(_ name: String) -> Bool {
            (1...128).contains(name.utf8.count)
                && name.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"):
                        true
                    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                    }
                }
        }

        private static func genericFieldsOnlyThere(
            _ webhook: JSON, _ node: Node, _ reading: ManifestReading
        ) -> [Diagnostic] {
            guard let source = webhook["source"]?.string, source != Source.generic.rawValue,
                case .mapping(let entries) = node.content
            else { return [] }
            let generic = ["signature", "bearer", "idHeader", "eventHeader"]
            return entries.filter { generic.contains($0.key) }.map { entry in
                Diagnostic(
                    .error, .exclusiveFields, "`\(entry.key)` is only for source generic",
                    at: Place(path: reading.path, mark: entry.keyMark),
                    fix: "remove it: source \(source) has one way to sign")
            }
        }

        private static func repositoryOnlyOfGitHub(
            _ webhook: JSON, _ node: Node, _ reading: ManifestReading
        ) -> [Diagnostic] {
            guard let source = webhook["source"]?.string, source != Source.github.rawValue,
                case .mapping(let entries) = node.content
            else { return [] }
            return entries.filter { $0.key == "repository" }.map { entry in
                Diagnostic(
                    .error, .exclusiveFields, "`repository` is only for source github",
                    at: Place(path: reading.path, mark: entry.keyMark),
                    fix: "remove it: what source \(source) sends names no repository; use `match`")
            }
        }

        private static func eventsAreKnown(
            _ webhook: JSON, _ node: Node, _ reading: ManifestReading
        ) -> [Diagnostic] {
            let known: SenderEvents
            switch webhook["source"]?.string.flatMap(Source.init(rawValue:)) {
            case .github: known = .gitHub
            case .slack: known = .slack
            case .telegram: known = .telegram
            case .standard, .generic, .cloudevents, nil: return []
            }
            return known.warnings(of: webhook["events"], node, ["events"], reading)
        }

        private static func managedOnlyAtTelegram(
            _ webhook: JSON, _ node: Node, _ reading: ManifestReading
        ) -> [Diagnostic] {
            guard let source = webhook["source"]?.string, case .mapping(let entries) = node.content else { return [] }
            let found = entries.filter { ["manage", "token"].contains($0.key) }
            guard source == Source.telegram.rawValue else {
                return found.map { entry in
                    Diagnostic(
                        .error, .exclusiveFields, "`\(entry.key)` is only for source telegram",
                        at: Place(path: reading.path, mark: entry.keyMark),
                        fix: source == Source.github.rawValue
                            ? "remove it: a Repository with `webhook: {manage: true}` keeps its webhook at GitHub"
                            : "remove it, and register the webhook at the sender by hand")
                }
            }
            let isManaged = webhook["manage"]?.bool == true
            guard isManaged != (webhook["token"] != nil), let entry = found.first else { return [] }
            let place = Place(path: reading.path, mark: entry.value.mark)
            guard isManaged else {
                return [
                    Diagnostic(
                        .warning, .notActive, "`spec.webhook.token` is acted on only with `manage: true`", at: place)
                ]
            }
            return [
                Diagnostic(
                    .error, .missingField, "`manage: true` needs the bot's token", at: place,
                    fix: "token: {env: NAME}")
            ]
        }

        package struct Signature: SpecObject, Hashable {
            package let header: String
            package let algorithm: Algorithm
            package let prefix: String
            package let encoding: Encoding

            package enum Algorithm: String, SpecChoice {
                case sha256
                case sha512
            }

            package enum Encoding: String, SpecChoice {
                case hex
                case base64
            }

            package static let standard = Signature(
                header: "X-Signature-256", algorithm: .sha256, prefix: "sha256=", encoding: .hex)
            package static let schema = Schema<Signature>(
                "An HMAC over the raw body.",
                Field("header", \.header, "The header that carries it.", default: standard.header),
                Field("algorithm", \.algorithm, "The hash.", default: standard.algorithm),
                Field("prefix", \.prefix, "What stands before it.", default: standard.prefix),
                Field("encoding", \.encoding, "How its bytes are written.", default: standard.encoding),
                make: Signature.init)
        }
    }
}
