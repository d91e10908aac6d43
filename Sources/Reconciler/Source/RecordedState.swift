import Git
import State
import Values

/// The state of a repository, for commands that look at it.
struct RecordedState {
    let path: String
    let reader: StateReader

    /// With `--state` no repository is needed.
    static func open(_ source: RepositoryOptions, _ state: StateOptions) throws -> RecordedState {
        let path = try path(source, state)
        return RecordedState(path: path, reader: try StateAccess.reader(at: path))
    }

    static func path(_ source: RepositoryOptions, _ state: StateOptions) throws -> String {
        if let file = state.file { return file }
        // What is recorded of a URL is here, whether or not that can be reached.
        if let remote = try RemoteSource(source) { return StatePlace(remote.url).path }
        // No object is read for this, so no other process is needed.
        let repository = try RepositoryLocation(source.location).open(trustOwner: source.trustsOwner)
        return StatePlace(
            workingDirectory: repository.workingDirectory, commonDirectory: repository.commonDirectory
        ).path
    }
}
