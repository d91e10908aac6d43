import Values

extension KindName {
    package static let repository = KindName(rawValue: "Repository")
}

/// A git repository that agents work on or hear from.
package struct Repository: Kind, Hashable {
    package let url: RepositoryURL
    package let provider: Host
    package let defaultBranch: String
    package let credentials: SecretReference?
    package let webhook: Webhook?
    package let tasks: Tasks?

    package enum Host: String, SpecChoice {
        case github
        case git
    }

    package static let kindName = KindName.repository
    package static let plural = "repositories"
    package static let fixed = ["url"]
    package static let schema = Schema<Repository>(
        "A git repository that agents work on or hear from.",
        Field("url", \.url, "Where it is."),
        Field("provider", \.provider, "Who hosts it.", default: .github),
        Field("defaultBranch", \.defaultBranch, "Its main branch.", default: "main"),
        Field(
            "credentials", optional: \.credentials,
            "A token for its host's API, by which its webhook is managed: it must be allowed to administer webhooks."),
        Field("webhook", optional: \.webhook, "What it sends to /hooks/repositories/{name}."),
        Field("tasks", optional: \.tasks, "A file of tasks in it.", .inactive),
        rules: [
            Rule(Repository.githubNamesOwnerAndName), Rule(Repository.managingNeedsToken),
            Rule(Repository.eventsOfGitHub),
        ],
        make: Repository.init)

    /// Events are told apart by `owner/name`, so that a repository on GitHub must say it.
    private static func githubNamesOwnerAndName(
        _ repository: JSON, _ node: Node, _ reading: ManifestReading
    ) -> [Diagnostic] {
        guard repository["provider"] == nil, let text = repository["url"]?.string,
            (try? RepositoryURL(manifestText: text))?.fullName == nil
        else { return [] }
        let mark = node.mark(at: JSONPointer(["url"]))
        return [
            Diagnostic(
                .error, .badValue, "this is not the address of a repository on GitHub",
                at: Place(path: reading.path, mark: mark),
                fix: "write https://github.com/OWNER/NAME, or provider: git")
        ]
    }

    private static func eventsOfGitHub(
        _ repository: JSON, _ node: Node, _ reading: ManifestReading
    ) -> [Diagnostic] {
        guard repository["provider"] == nil else { return [] }
        let events = repository["webhook"]?["events"]
        return SenderEvents.gitHub.warnings(of: events, node, ["webhook", "events"], reading)
            + EventPattern.warnings(of: events, node, ["webhook", "events"], reading)
    }

    /// A webhook is made by GitHub's API alone, for which there must be a token.
    private static func managingNeedsToken(
        _ repository: JSON, _ node: Node, _ reading: ManifestReading
    ) -> [Diagnostic] {
        let isManaged = repository["webhook"]?["manage"]?.bool == true
        guard isManaged else {
            guard let credentials = node["credentials"] else { return [] }
            return [
                Diagnostic(
                    .warning, .notActive, "`spec.credentials` is acted on only for `webhook: {manage: true}`",
                    at: Place(path: reading.path, mark: credentials.mark))
            ]
        }
        let place = Place(path: reading.path, mark: node.mark(at: JSONPointer(["webhook", "manage"])))
        if repository["provider"] != nil {
            return [
                Diagnostic(
                    .error, .exclusiveFields, "`manage` is only for repositories on GitHub", at: place,
                    fix: "remove it, and register the webhook at the host by hand")
            ]
        }
        guard repository["credentials"] == nil else { return [] }
        return [
            Diagnostic(
                .error, .missingField, "`manage: true` needs a token for GitHub's API", at: place,
                fix: "credentials: {env: NAME}, beside url")
        ]
    }

    package struct Webhook: SpecObject, Hashable {
        package let events: [String]
        package let secret: SecretReferences
        package let manage: Bool
        package let rateLimit: WebhookRateLimit

        package static let schema = Schema<Webhook>(
            "What the repository sends.",
            Field(
                "events", \.events, "The events that it is to send where it is managed; without them all.", default: []),
            Field("secret", \.secret, "What it signs with; two while one takes over from the other."),
            Field(
                "manage", \.manage,
                "Whether writ keeps the webhook at GitHub itself, and has sent again what did not come through.",
                default: false),
            Field("rateLimit", \.rateLimit, "How many events are taken; more are to come again.", default: .standard),
            make: Webhook.init)
    }

    package struct Tasks: SpecObject, Hashable {
        package let path: String

        package static let schema = Schema<Tasks>(
            "A file of tasks in the repository.",
            Field("path", \.path, "Its path, such as tasks.json."),
            make: Tasks.init)
    }
}

/// The address of a git repository: https, ssh (also `git@host:path`) or file.
package struct RepositoryURL: SpecText, Hashable {
    package let manifestText: String

    package static var textShape: TextShape {
        TextShape("the address of a git repository, such as https://github.com/owner/name", maximumLength: 2_048)
    }

    package init(manifestText text: String) throws {
        guard !text.isEmpty, text.utf8.count <= 2_048, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw SpecTextError("this is not the address of a git repository")
        }
        let schemes = ["https://", "http://", "ssh://", "file://"]
        if schemes.contains(where: text.hasPrefix) {
            let authority = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst(2).first ?? ""
            let isSecret = authority.contains("@") && (authority.contains(":") || !text.hasPrefix("ssh://"))
            guard !isSecret else {
                throw SpecTextError(
                    "an address must not hold a user name or password", fix: "use credentials: {env: NAME}")
            }
        } else {
            // The short form of ssh: `git@github.com:owner/name.git`.
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].contains("@"), !parts[1].isEmpty, !text.hasPrefix("-") else {
                // It may hold a password: the message must not repeat it (fault C71).
                throw SpecTextError(
                    "this is not the address of a git repository", fix: "write https://github.com/OWNER/NAME")
            }
        }
        manifestText = text
    }

    /// Of its machine, in lower case; nil for files.
    package var host: String? {
        var rest = Substring(manifestText)
        if let scheme = rest.firstRange(of: "://") {
            rest = rest[scheme.upperBound...]
            rest = rest.prefix { $0 != "/" }
        } else {
            rest = rest.prefix { $0 != ":" }
        }
        if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
        rest = rest.prefix { $0 != ":" }
        return rest.isEmpty ? nil : rest.lowercased()
    }

    /// `owner/name`, as webhooks name a repository: the last two names of the path.
    package var fullName: String? {
        var path = Substring(manifestText)
        if let scheme = path.firstRange(of: "://") {
            path = path[scheme.upperBound...].drop { $0 != "/" }
        } else {
            path = path.drop { $0 != ":" }.dropFirst()
        }
        if path.hasSuffix(".git") { path = path.dropLast(4) }
        let names = path.split(separator: "/")
        guard names.count == 2 else { return nil }
        return names.joined(separator: "/")
    }
}
