import CLibGit2
import Values

extension Repository {
    /// Commits on top of a branch (HEAD's when `nil`; made when it does not exist): the given files are put in or
    /// replaced, those with `nil` removed, all others stay. Nothing is checked out and the index stays as it is
    /// (`addToIndex(_:from:)`, `resetIndex(to:)`).
    ///
    /// Throws `branchMoved` when another commit came first, `hostileName` for a path that no repository can have.
    @discardableResult
    package func commit(
        files: [String: [UInt8]?], message: String, author: CommitAuthor, time: Instant, branch: String? = nil
    ) throws(GitError) -> ObjectID {
        let current = try headBranch()
        guard let name = branch ?? current else {
            throw GitError(.unsupported, "HEAD is not on a branch: name the branch to commit to")
        }
        try BranchName.check(name)
        let reference = BranchName.reference(name)
        let parent = try withHandle { (handle) throws(GitError) -> ObjectID? in try handle.target(of: reference) }
        var base: ObjectID?
        if let parent { base = try commit(parent).tree }
        let edit = try TreeEdit(files)
        return try withHandle { [base] (handle) throws(GitError) -> ObjectID in
            let tree: ObjectID
            if let root = try edit.apply(to: base, at: "", &handle) {
                tree = root
            } else {
                tree = try handle.write([], as: .tree)
            }
            let bytes = try CommitFormat.serialize(
                tree: tree, parents: parent.map { [$0] } ?? [], author: author, time: time, message: message)
            let id = try handle.write(bytes, as: .commit)
            try handle.move(
                reference, from: parent, to: id, note: "commit: " + (message.split(separator: "\n").first ?? ""))
            return id
        }
    }

    /// Makes the index say what a commit says, so that `git status` compares the working tree with it.
    package func resetIndex(to id: ObjectID) throws(GitError) {
        let tree = try commit(id).tree
        try withHandle { (handle) throws(GitError) -> Void in
            var oid = tree.oid
            var object: OpaquePointer?
            var index: OpaquePointer?
            defer {
                git_index_free(index)
                git_tree_free(object)
            }
            guard git_tree_lookup(&object, handle.repository, &oid) == 0,
                git_repository_index(&index, handle.repository) == 0, git_index_read_tree(index, object) == 0,
                git_index_write(index) == 0
            else { throw GitError(.io, "the index cannot be written", underlying: LibGit2.lastMessage()) }
        }
    }

    /// Makes the index say of these paths what a commit says; whatever else is staged stays so. Throws `notFound` for
    /// a path that the commit does not have.
    package func addToIndex(_ paths: [String], from id: ObjectID) throws(GitError) {
        let tree = try commit(id).tree
        try withHandle { (handle) throws(GitError) -> Void in
            var oid = tree.oid
            var object: OpaquePointer?
            var index: OpaquePointer?
            defer {
                git_index_free(index)
                git_tree_free(object)
            }
            guard git_tree_lookup(&object, handle.repository, &oid) == 0,
                git_repository_index(&index, handle.repository) == 0
            else { throw GitError(.io, "the index cannot be read", underlying: LibGit2.lastMessage()) }
            for path in paths {
                var found: OpaquePointer?
                defer { git_tree_entry_free(found) }
                guard git_tree_entry_bypath(&found, object, path) == 0, let id = git_tree_entry_id(found) else {
                    throw GitError(.notFound, "\(escapedForDisplay(path)) is not in the commit")
                }
                var entry = git_index_entry()
                entry.mode = git_tree_entry_filemode(found).rawValue
                entry.id = id.pointee
                let status = path.withCString { name in
                    entry.path = name
                    return git_index_add(index, &entry)
                }
                guard status == 0 else {
                    throw GitError(.io, "the index cannot be written", underlying: LibGit2.lastMessage())
                }
            }
            guard git_index_write(index) == 0 else {
                throw GitError(.io, "the index cannot be written", underlying: LibGit2.lastMessage())
            }
        }
    }
}
