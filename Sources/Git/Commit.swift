import Values

/// What a commit object says.
package struct Commit: Sendable, Hashable {
    package let id: ObjectID
    package let tree: ObjectID
    /// As recorded; in a shallow clone some of them are not in the repository.
    package let parents: [ObjectID]
    package let author: CommitAuthor
    /// When it was committed, which a rebase changes.
    package let time: Instant
    /// When the author wrote it, which a rebase keeps.
    package let authorTime: Instant
    /// Without changes; outside text, to be escaped before it is shown.
    package let message: String

    package init(
        id: ObjectID, tree: ObjectID, parents: [ObjectID], author: CommitAuthor, time: Instant, authorTime: Instant,
        message: String
    ) {
        self.id = id
        self.tree = tree
        self.parents = parents
        self.author = author
        self.time = time
        self.authorTime = authorTime
        self.message = message
    }

    /// The first line of the message.
    package var summary: String {
        let line = message.drop { $0.isWhitespace }.prefix { !$0.isNewline }
        return String(line.reversed().drop { $0.isWhitespace }.reversed())
    }
}

/// Who wrote a commit, by their own word.
package struct CommitAuthor: Sendable, Hashable {
    package let name: String
    package let email: String

    package init(name: String, email: String) {
        self.name = name
        self.email = email
    }
}
