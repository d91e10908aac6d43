import ArgumentParser

/// Which repository, and where in it.
struct RepositoryOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The git repository: a directory, or a URL of https, ssh or file (WRIT_REPO; default .)",
            valueName: "path|url"))
    var repo: String?

    @Option(help: ArgumentHelp("The directory of the manifests in it (WRIT_PATH; default its root)", valueName: "dir"))
    var path: String?

    @Flag(help: "Open a repository that belongs to another user (WRIT_TRUST_OWNER)")
    var trustOwner = false

    @Option(
        help: ArgumentHelp(
            "Who fetches from a URL: a token or ssh key, env:NAME or file:PATH (WRIT_CREDENTIALS)", valueName: "place"))
    var credentials: String?

    @Option(help: ArgumentHelp("Certificates to trust instead of the system's (WRIT_CA_FILE)", valueName: "file"))
    var caFile: String?

    @Option(
        help: ArgumentHelp(
            "Host keys of ssh servers (WRIT_KNOWN_HOSTS; default ~/.ssh/known_hosts and /etc/ssh/ssh_known_hosts)",
            valueName: "file"))
    var knownHosts: String?

    var location: String { repo ?? Environment["WRIT_REPO"] ?? "." }
    /// Of the manifests, from the repository's root; "" for the root itself.
    var directory: String {
        (path ?? Environment["WRIT_PATH"] ?? "").split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }
    var saysDirectory: Bool { path != nil || Environment["WRIT_PATH"] != nil }
    var trustsOwner: Bool { trustOwner || Environment.isSet("WRIT_TRUST_OWNER") }
    var certificates: String? { caFile ?? Environment["WRIT_CA_FILE"] ?? Environment["SSL_CERT_FILE"] }

    var knownHostsFiles: [String] {
        if let file = knownHosts ?? Environment["WRIT_KNOWN_HOSTS"] { return [file] }
        return (Environment["HOME"].map { ["\($0)/.ssh/known_hosts"] } ?? []) + ["/etc/ssh/ssh_known_hosts"]
    }

    var chosenCredentials: CredentialsOption? {
        get throws {
            guard let text = credentials ?? Environment["WRIT_CREDENTIALS"] else { return nil }
            // Somebody may have written the secret itself there: it is not repeated.
            guard let option = CredentialsOption(argument: text) else {
                let name = credentials == nil ? "WRIT_CREDENTIALS" : "--credentials"
                throw CommandFailure("\(name) names no place: write env:NAME or file:PATH")
            }
            return option
        }
    }
}

/// Whose signature counts, for the commands that look at it.
struct SignerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Apply only commits signed by a key of this file: ssh public keys, allowed_signers, PGP blocks"
                + " (WRIT_VERIFY; default `verify` of the applied writ.yaml)", valueName: "file"))
    var verify: String?

    var file: String? { verify ?? Environment["WRIT_VERIFY"] }
}

struct RevisionOption: ParsableArguments {
    @Option(help: ArgumentHelp("The commit, branch or tag (WRIT_REV; default HEAD)", valueName: "rev"))
    var rev: String?

    var name: String { rev ?? Environment["WRIT_REV"] ?? "HEAD" }
}

/// Where what was applied is recorded.
struct StateOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The state file (WRIT_STATE; default .writ/state.db beside the repository)", valueName: "file"))
    var state: String?

    var file: String? { (state ?? Environment["WRIT_STATE"]).map(Paths.followed) }
}

struct ClockOption: ParsableArguments {
    @Option(help: ArgumentHelp("The time to plan for, RFC 3339 (default now)", valueName: "instant"))
    var at: String?
}
