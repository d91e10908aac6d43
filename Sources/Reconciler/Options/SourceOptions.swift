import ArgumentParser

/// Which repository, and where in it.
struct RepositoryOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The git repository (WRIT_REPO; default .)", valueName: "path"))
    var repo: String?

    @Option(help: ArgumentHelp("The directory of the manifests in it (WRIT_PATH; default its root)", valueName: "dir"))
    var path: String?

    @Flag(help: "Open a repository that belongs to another user (WRIT_TRUST_OWNER)")
    var trustOwner = false

    var location: String { repo ?? Environment["WRIT_REPO"] ?? "." }
    var directory: String { path ?? Environment["WRIT_PATH"] ?? "" }
    var trustsOwner: Bool { trustOwner || Environment.isSet("WRIT_TRUST_OWNER") }
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

    var file: String? { state ?? Environment["WRIT_STATE"] }
}

struct ClockOption: ParsableArguments {
    @Option(help: ArgumentHelp("The time to plan for, RFC 3339 (default now)", valueName: "instant"))
    var at: String?
}
