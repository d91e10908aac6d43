import CLibGit2

/// The open repository of libgit2 and its object database. Only ever reached through the mutex in `Repository`:
/// libgit2's handles may move between threads, but not be used by two at once.
struct Handle: ~Copyable, Sendable {
    // Addresses, because a pointer cannot say that it may move between threads.
    private let repositoryAddress: Int
    private let objectsAddress: Int
    /// How many tree objects were read; the proof that equal subtrees stay closed.
    var treesOpened = 0
    /// Is told what is read of the object database, before, and `nil` after: libgit2 may never come back from it.
    var observer: (@Sendable (ObjectAtHand?) -> Void)?

    var repository: OpaquePointer? { OpaquePointer(bitPattern: repositoryAddress) }
    var objects: OpaquePointer? { OpaquePointer(bitPattern: objectsAddress) }

    /// Takes over `repository`, also when it throws.
    init(adopting repository: OpaquePointer) throws(GitError) {
        var objects: OpaquePointer?
        guard git_repository_odb(&objects, repository) == 0, let objects else {
            let reason = LibGit2.lastMessage()
            git_repository_free(repository)
            throw GitError(.io, "the object database of the repository cannot be opened", underlying: reason)
        }
        repositoryAddress = Int(bitPattern: repository)
        objectsAddress = Int(bitPattern: objects)
    }

    deinit {
        git_odb_free(objects)
        git_repository_free(repository)
    }
}

/// The four sorts of objects.
package enum ObjectKind: String, Sendable, Hashable {
    case commit, tree, blob, tag

    init?(_ type: git_object_t) {
        switch type {
        case GIT_OBJECT_COMMIT: self = .commit
        case GIT_OBJECT_TREE: self = .tree
        case GIT_OBJECT_BLOB: self = .blob
        case GIT_OBJECT_TAG: self = .tag
        default: return nil
        }
    }

    var type: git_object_t {
        switch self {
        case .commit: GIT_OBJECT_COMMIT
        case .tree: GIT_OBJECT_TREE
        case .blob: GIT_OBJECT_BLOB
        case .tag: GIT_OBJECT_TAG
        }
    }
}

/// An object that is being read, and what it is to the reader: put into words only where somebody asks.
package struct ObjectAtHand: Sendable, CustomStringConvertible {
    let id: ObjectID
    let what: @Sendable () -> String

    package var description: String { "\(what()) (object \(id.shortText))" }
}
