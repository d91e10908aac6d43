import CLibGit2

/// Branches, tags and HEAD by their full names.
extension Handle {
    /// What HEAD says.
    enum Head {
        case branch(String)
        case detached(ObjectID)
    }

    /// How many branches are listed for a message.
    private static var mostBranches: Int { 1_000 }

    /// The object that a reference leads to, through symbolic ones; `nil` when there is none of that name.
    func target(of reference: String) throws(GitError) -> ObjectID? {
        guard !reference.utf8.contains(0) else { return nil }
        var oid = git_oid()
        switch git_reference_name_to_id(&oid, repository, reference) {
        case 0: return ObjectID(oid)
        case GIT_ENOTFOUND.rawValue, GIT_EINVALIDSPEC.rawValue: return nil
        default: throw Self.unreadable(reference)
        }
    }

    func head() throws(GitError) -> Head {
        var reference: OpaquePointer?
        guard git_reference_lookup(&reference, repository, "HEAD") == 0, let reference else {
            throw Self.unreadable("HEAD")
        }
        defer { git_reference_free(reference) }
        if let target = git_reference_symbolic_target(reference) { return .branch(String(cString: target)) }
        guard let oid = git_reference_target(reference) else { throw Self.unreadable("HEAD") }
        return .detached(ObjectID(oid.pointee))
    }

    /// Names of branches without `refs/heads/`, in byte order; the first thousand of them.
    func branches() throws(GitError) -> [String] {
        var iterator: OpaquePointer?
        guard git_reference_iterator_glob_new(&iterator, repository, BranchName.reference("*")) == 0 else {
            throw GitError(.io, "the branches cannot be listed", underlying: LibGit2.lastMessage())
        }
        defer { git_reference_iterator_free(iterator) }
        var names: [String] = []
        var name: UnsafePointer<CChar>?
        while names.count < Self.mostBranches, git_reference_next_name(&name, iterator) == 0, let found = name {
            names.append(String(String(cString: found).dropFirst(BranchName.reference("").count)))
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Points a branch at `new`, if it still is at `old` (`nil`: if it does not exist). Throws `branchMoved`.
    func move(_ reference: String, from old: ObjectID?, to new: ObjectID, note: String) throws(GitError) {
        var oid = new.oid
        var created: OpaquePointer?
        let status: Int32
        if let old {
            var expected = old.oid
            status = git_reference_create_matching(&created, repository, reference, &oid, 1, &expected, note)
        } else {
            status = git_reference_create(&created, repository, reference, &oid, 0, note)
        }
        git_reference_free(created)
        let shown = escapedForDisplay(reference)
        switch status {
        case 0: return
        case GIT_EEXISTS.rawValue, GIT_EMODIFIED.rawValue, GIT_ELOCKED.rawValue:
            throw GitError(
                .branchMoved, "\(shown) was moved by somebody else meanwhile: run this again",
                underlying: LibGit2.lastMessage())
        default: throw GitError(.io, "\(shown) cannot be moved", underlying: LibGit2.lastMessage())
        }
    }

    private static func unreadable(_ reference: String) -> GitError {
        GitError(
            .corruptObject, "\(escapedForDisplay(reference, limit: 200)) cannot be read: run `git fsck`",
            underlying: LibGit2.lastMessage())
    }
}
