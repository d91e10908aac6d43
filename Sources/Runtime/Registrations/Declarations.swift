import Spec
import State
import Values

/// What a catalog says is to be at the senders of webhooks.
struct Declarations {
    let settings: RegistrarSettings

    func all(in catalog: Catalog) -> [DeclaredRegistration] {
        let repositories = catalog.all(Repository.self).compactMap { repository(named: $0.name, $0.spec) }
        let bots = catalog.all(Trigger.self).compactMap { bot(named: $0.name, $0.spec) }
        return repositories + bots
    }

    private func repository(named name: String, _ repository: Repository) -> DeclaredRegistration? {
        guard let webhook = repository.webhook, webhook.manage, repository.provider == .github,
            let fullName = repository.url.fullName
        else { return nil }
        var content = HookDeclaration(
            events: Self.events(webhook.events), secret: webhook.secret.all.first, token: repository.credentials)
        content.host = repository.url.host
        return DeclaredRegistration(
            id: Repository.id(name), sender: .github, target: fullName.lowercased(),
            url: settings.url("/hooks/repositories/\(name)"), declaration: content.json)
    }

    private func bot(named name: String, _ trigger: Trigger) -> DeclaredRegistration? {
        guard let webhook = trigger.webhook, webhook.manage, webhook.source == .telegram, let token = webhook.token
        else { return nil }
        let content = HookDeclaration(
            events: Self.updates(webhook.events), secret: webhook.secret.all.first, token: token)
        return DeclaredRegistration(
            id: Trigger.id(name), sender: .telegram, target: token.json.canonicalText,
            url: settings.url("/hooks/\(name)"), declaration: content.json)
    }

    /// GitHub sends whole sorts of events; which of their actions count is decided here.
    private static func events(_ events: [String]) -> Set<String> {
        let sorts = Set(events.compactMap { $0.split(separator: ".").first.map(String.init) })
        return sorts.isEmpty || sorts.contains("*") ? ["*"] : sorts
    }

    /// None for what Telegram sends by default, which is what a wildcard means too.
    private static func updates(_ events: [String]?) -> Set<String> {
        let sorts = Set((events ?? []).compactMap { $0.split(separator: ".").first.map(String.init) })
        return sorts.contains("*") ? [] : sorts
    }
}

/// What is recorded of a declaration: names of secrets, never their values.
struct HookDeclaration: Sendable, Hashable {
    var events: Set<String>
    /// What the sender is to sign with: of two the first, which is the new one while they change.
    var secret: SecretReference?
    /// By which the sender's API is used.
    var token: SecretReference?
    /// Of the repository's address.
    var host: String?

    init(events: Set<String>, secret: SecretReference?, token: SecretReference?) {
        self.events = events
        self.secret = secret
        self.token = token
    }

    init(_ json: JSON) {
        events = Set((json["events"]?.array ?? []).compactMap(\.string))
        secret = json["secret"].flatMap(Self.reference)
        token = json["token"].flatMap(Self.reference)
        host = json["host"]?.string
    }

    var json: JSON {
        var object: JSONMembers = ["events": .array(events.sorted().map(JSON.string))]
        object["secret"] = secret?.json
        object["token"] = token?.json
        object["host"] = host.map(JSON.string)
        return .object(object)
    }

    private static func reference(_ json: JSON) -> SecretReference? {
        SecretReference.read(Node(json: json), ManifestReading(path: "", source: .recorded))
    }
}
