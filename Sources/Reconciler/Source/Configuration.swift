import Git
import Spec

/// The configuration repository that a command works on, read by another process.
struct Configuration {
    let repository: SourceRepository
    /// Of the manifests, from the repository's root; "" for the root itself.
    let directory: String
    /// Where it can be told without reading much.
    private let plain: PlainRepository?

    /// Of a URL: what was fetched from it. Nil for a repository on this machine.
    let remote: RemoteSource?
    /// The file of those whose signature counts, by the operator's word.
    let signersFile: String?

    /// What is behind a URL is fetched first.
    ///
    /// - Parameters:
    ///   - signers: whose signature counts, where that is looked at
    ///   - fetches: false for what was fetched before
    init(
        _ options: RepositoryOptions, signers: SignerOptions? = nil, quiet: Bool = false, fetches: Bool = true
    ) throws {
        remote = try RemoteSource(options)
        if fetches { try remote?.fetch(quiet: quiet) }
        repository = SourceRepository(
            remote?.cache.repository ?? options.location, trustsOwner: options.trustsOwner,
            limits: try ReaderLimits.chosen())
        plain = remote == nil ? PlainRepository(options.location) : nil
        signersFile = signers?.file
        directory = options.directory
    }

    /// The commit that a revision names.
    ///
    /// - Parameter known: a commit of which everything is known; where that is what is named, nothing is read
    func resolve(_ revision: String, known: String?) throws -> ObjectID {
        if let known, let tip = plain?.tip(of: revision), tip == known, let id = ObjectID(tip) { return id }
        return try repository.resolve(revision)
    }

    /// Reads one commit.
    func load(_ commit: ObjectID) throws -> LoadedCatalog {
        try repository.load(commit, below: directory)
    }

    /// The path that was given, else the standard one.
    func statePath(_ options: StateOptions) throws -> String {
        try options.file ?? statePlace().path
    }

    /// Makes the place of a state that nobody chose.
    func prepareStatePlace(_ options: StateOptions) {
        if options.file == nil { try? statePlace().prepare() }
    }

    private func statePlace() throws -> StatePlace {
        if let remote { return StatePlace(remote.url) }
        if let plain {
            return StatePlace(workingDirectory: plain.workingDirectory, commonDirectory: plain.commonDirectory)
        }
        let facts = try repository.facts
        return StatePlace(workingDirectory: facts.workingDirectory, commonDirectory: facts.commonDirectory)
    }
}
