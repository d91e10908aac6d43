/// What went wrong while reading or writing a repository.
///
/// `message` says what happened, where, and what to do; it is safe to print (outside text in it is escaped).
package struct GitError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable, CaseIterable {
        /// The path, or a directory in the commit, is not there.
        case notFound
        /// The path is there, but no git repository is at it or above it.
        case noRepository
        /// The repository belongs to another user.
        case wrongOwner
        /// HEAD names a branch without a commit, while others have some.
        case unbornBranch
        case noSuchBranch
        case noSuchRevision
        /// No branch has a commit yet.
        case emptyRepository
        /// An object is missing, damaged, or not what its tree says it is.
        case corruptObject
        case tooLarge
        case tooManyEntries
        case tooDeep
        /// A tree holds a name that no honest tree has.
        case hostileName
        /// Something git knows and this version does not do.
        case unsupported
        /// The commit lies beyond the end of a shallow clone.
        case missingHistory
        /// The branch moved while a commit was made for it.
        case branchMoved
        /// A file changed between listing and reading it.
        case changedMeanwhile
        /// The remote does not answer, or not as a git server does.
        case unreachable
        /// The remote wants to know who asks, or wants somebody else.
        case unauthorized
        /// A certificate, a host key or a redirect that is not to be trusted.
        case untrusted
        /// No URL that a repository is fetched from.
        case badURL
        case io
    }

    package let code: Code
    package let message: String
    /// libgit2's or the system's own words, where there are any.
    package let underlying: String?

    package init(_ code: Code, _ message: String, underlying: String? = nil) {
        self.code = code
        self.message = message
        self.underlying = underlying.map { escapedForDisplay($0) }
    }

    package var description: String {
        underlying.map { "\(message) (\($0))" } ?? message
    }
}
