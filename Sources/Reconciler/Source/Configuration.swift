import Git
import Spec
import Values

/// The configuration repository that a command works on.
struct Configuration {
    let repository: Git.Repository
    /// Of the manifests, from the repository's root; "" for the root itself.
    let directory: String

    init(_ options: RepositoryOptions) throws {
        repository = try RepositoryLocation(options.location).open(trustOwner: options.trustsOwner)
        directory = options.directory.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }

    /// Reads one commit.
    func load(_ commit: ObjectID) throws -> LoadedCatalog {
        try loader.load(try repository.snapshot(of: commit))
    }

    var loader: CatalogLoader { CatalogLoader(root: directory, zones: SystemZones.database) }

    /// Where the state is when nobody says otherwise: beside the working tree, or below the user's state directory for
    /// a bare repository.
    var defaultStatePath: String {
        if let workingDirectory = repository.workingDirectory { return "\(workingDirectory)/.writ/state.db" }
        let home = Environment["XDG_STATE_HOME"] ?? "\(Environment["HOME"] ?? "/var/lib")/.local/state"
        let name = repository.commonDirectory.split(separator: "/").suffix(2).joined(separator: "-")
        let digest = Digest(of: repository.commonDirectory.utf8).text.dropFirst("sha256:".count).prefix(12)
        return "\(home)/writ/\(name)-\(digest)/state.db"
    }

    func statePath(_ options: StateOptions) throws -> String {
        if let file = options.file { return file }
        return defaultStatePath
    }

    /// Makes the place of a state that nobody chose: kept out of `git status` in a working tree, with the directories
    /// above it for a bare repository.
    func prepareStatePlace(_ options: StateOptions) {
        guard options.file == nil else { return }
        guard repository.workingDirectory == nil else {
            // A read-only .git only means that `git status` lists the directory.
            try? repository.excludeFromStatus("/.writ/")
            return
        }
        // What cannot be made is told when the state is opened.
        Paths.makeDirectories(above: defaultStatePath)
    }
}
