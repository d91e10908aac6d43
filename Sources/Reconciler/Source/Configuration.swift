import Git
import Spec

/// The configuration repository that a command works on, read by another process.
struct Configuration {
    let repository: SourceRepository
    /// Of the manifests, from the repository's root; "" for the root itself.
    let directory: String

    /// Of a URL: what was fetched from it. Nil for a repository on this machine.
    let remote: RemoteSource?

    /// The file of those whose signature counts, by the operator's word.
    let signersFile: String?

    /// What is behind a URL is fetched first.
    init(_ options: RepositoryOptions, quiet: Bool = false) throws {
        remote = try RemoteSource(options)
        try remote?.fetch(quiet: quiet)
        repository = try SourceRepository(
            remote?.cache.repository ?? options.location, trustsOwner: options.trustsOwner,
            limits: try ReaderLimits.chosen())
        signersFile = options.signersFile
        directory = options.directory.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }

    /// Reads one commit.
    func load(_ commit: ObjectID) throws -> LoadedCatalog {
        try repository.load(commit, below: directory)
    }

    /// The path that was given, else the standard one.
    func statePath(_ options: StateOptions) throws -> String {
        options.file ?? statePlace.path
    }

    /// Makes the place of a state that nobody chose.
    func prepareStatePlace(_ options: StateOptions) {
        if options.file == nil { statePlace.prepare() }
    }

    private var statePlace: StatePlace {
        if let remote { return StatePlace(remote.url) }
        return StatePlace(workingDirectory: repository.workingDirectory, commonDirectory: repository.commonDirectory)
    }
}
