import Git
import Server
import Values

/// Authors and messages of commits, read from the repository where it is at hand. What is recorded needs none.
final class CommitBook {
    /// Nil where it is not at hand.
    let repository: SourceRepository?
    private var known: [String: Commit?] = [:]
    /// Why commits cannot be looked up, for people.
    let problem: String?

    init(_ options: RepositoryOptions) {
        do {
            // Of a URL what was fetched last: looking back needs no network.
            let location = try RemoteSource(options)?.cache.repository ?? options.location
            let source = SourceRepository(
                location, trustsOwner: options.trustsOwner, limits: try ReaderLimits.chosen())
            // Whether it can be read at all is told once, and not with each commit.
            _ = try source.facts
            repository = source
            problem = nil
        } catch {
            repository = nil
            problem = CommandFailure(known: error)?.message ?? "\(error)"
        }
    }

    /// Nil where the repository is not here, or has no such commit.
    subscript(id: String) -> Commit? {
        if let commit = known[id] { return commit }
        let commit = ObjectID(id).flatMap { id in try? repository?.commit(id) }
        known.updateValue(commit, forKey: id)
        return commit
    }
}

extension Commit {
    /// The first line of the message.
    var subject: String { headline(message, 120) }

    /// `Ada Example <ada@example.com>`
    var authorText: String { "\(author.name) <\(author.email)>" }

    /// The object `commit` of machine formats.
    var json: JSON {
        [
            "id": .string(id.text), "author": ["name": .string(author.name), "email": .string(author.email)],
            "authoredAt": .string(authorTime.rfc3339), "committedAt": .string(time.rfc3339),
            "message": .string(message),
        ]
    }
}
