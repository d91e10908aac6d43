import Git
import Spec

/// The configuration repository that a command works on, read by another process.
struct Configuration {
    let repository: SourceRepository
    /// Of the manifests, from the repository's root; "" for the root itself.
    let directory: String

    init(_ options: RepositoryOptions) throws {
        repository = try SourceRepository(
            options.location, trustsOwner: options.trustsOwner, limits: try ReaderLimits.chosen())
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
        StatePlace(workingDirectory: repository.workingDirectory, commonDirectory: repository.commonDirectory)
    }
}
