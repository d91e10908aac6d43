import CLibGit2
import Values

extension Repository {
    /// The commit that a revision names: `HEAD` or `FETCH_HEAD`, a branch, a tag, a remote branch, a commit id or the first four or
    /// more digits of one, each with `^` and `~2` behind it (gitrevisions(7)). Annotated tags lead to their commit.
    ///
    /// Throws `noSuchRevision`, `emptyRepository`, `unbornBranch`, and `missingHistory` where a shallow clone ends.
    package func resolve(_ revision: String) throws(GitError) -> ObjectID {
        let parsed = try Revision(revision)
        var commit = try base(parsed.base)
        let shallow = parsed.steps.isEmpty ? [] : try shallowCommits()
        for step in parsed.steps {
            switch step {
            case .parent(0): continue
            case .parent(let number): commit = try parent(number, of: commit, shallow, asked: revision)
            case .generations(let count):
                for _ in 0..<count { commit = try parent(1, of: commit, shallow, asked: revision) }
            }
        }
        return commit
    }

    /// The commit at the tip of a branch of this repository, by its name without `refs/heads/`.
    package func resolveBranch(_ name: String) throws(GitError) -> ObjectID {
        try BranchName.check(name)
        if let id = try target(BranchName.reference(name)) { return try peel(id, asked: name) }
        if try headBranch() == name { throw try unborn(name) }
        if try target("refs/remotes/origin/" + name) != nil {
            throw GitError(
                .noSuchBranch,
                "there is no branch \(Revision.quote(name)) here, only origin's: run `git branch \(name) origin/\(name)`"
                    + " or give origin/\(name) as the revision")
        }
        throw GitError(.noSuchBranch, "there is no branch \(Revision.quote(name))" + (try hint(name)))
    }

    /// The branch that HEAD is on, though it may have no commit yet; `nil` when HEAD is detached.
    package func headBranch() throws(GitError) -> String? {
        let head = try withHandle { (handle) throws(GitError) -> Handle.Head in try handle.head() }
        guard case .branch(let reference) = head else { return nil }
        let prefix = BranchName.reference("")
        return reference.hasPrefix(prefix) ? String(reference.dropFirst(prefix.count)) : reference
    }

    /// Names of the branches in byte order; the first thousand of them.
    package func branches() throws(GitError) -> [String] {
        try withHandle { (handle) throws(GitError) -> [String] in try handle.branches() }
    }

    /// What git itself writes at the top of its directory: what a fetch brought, where HEAD was, what is merged in.
    private static let pseudoReferences: Set<String> = [
        "FETCH_HEAD", "ORIG_HEAD", "MERGE_HEAD", "REBASE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD",
    ]

    private func base(_ name: String) throws(GitError) -> ObjectID {
        if name == "HEAD" {
            if let id = try target(name) { return try peel(id, asked: name) }
            throw try unborn(try headBranch() ?? name)
        }
        if let id = ObjectID(name) { return try peel(id, asked: name) }
        if Self.pseudoReferences.contains(name), let id = try target(name) { return try peel(id, asked: name) }
        // In git's order (gitrevisions(7)). Any other bare name at the top of the git directory is none of our business.
        let candidates = [
            name.hasPrefix("refs/") ? name : "refs/" + name, "refs/tags/" + name, BranchName.reference(name),
            "refs/remotes/" + name, "refs/remotes/" + name + "/HEAD",
        ]
        for candidate in candidates {
            if let id = try target(candidate) { return try peel(id, asked: name) }
        }
        if let id = try abbreviated(name) { return try peel(id, asked: name) }
        if try headBranch() == name { throw try unborn(name) }
        throw GitError(
            .noSuchRevision, "there is no branch, tag or commit \(Revision.quote(name))" + (try hint(name)))
    }

    private func target(_ reference: String) throws(GitError) -> ObjectID? {
        try withHandle { (handle) throws(GitError) -> ObjectID? in try handle.target(of: reference) }
    }

    private func abbreviated(_ digits: String) throws(GitError) -> ObjectID? {
        let length = digits.utf8.count
        guard (4..<40).contains(length), let short = ObjectID(digits + String(repeating: "0", count: 40 - length))
        else { return nil }
        return try withHandle { (handle) throws(GitError) -> ObjectID? in
            var prefix = short.oid
            var found = git_oid()
            switch git_odb_exists_prefix(&found, handle.objects, &prefix, length) {
            case 0: return ObjectID(found)
            case GIT_EAMBIGUOUS.rawValue:
                throw GitError(.noSuchRevision, "several objects begin with \(digits): give more digits")
            default: return nil
            }
        }
    }

    /// Follows annotated tags to the commit.
    private func peel(_ start: ObjectID, asked: String) throws(GitError) -> ObjectID {
        var id = start
        for _ in 0..<16 {
            let next = try withHandle { (handle) throws(GitError) -> ObjectID? in
                let what = "the revision \(Revision.quote(asked))"
                guard let header = try handle.header(of: id, what: what) else { return .zero }
                if header.kind == .commit { return nil }
                guard header.kind == .tag else {
                    throw GitError(.noSuchRevision, "\(what) is a \(header.kind.rawValue), not a commit")
                }
                let bytes = try handle.bytes(of: id, expecting: .tag, limit: CommitFormat.longestCommit, what: what)
                guard let tagged = CommitFormat.tagged(bytes) else {
                    throw GitError(.corruptObject, "\(what) is a damaged tag: run `git fsck`")
                }
                return tagged
            }
            guard let next else { return id }
            if next == .zero { throw absent(id, asked: asked) }
            id = next
        }
        throw GitError(.unsupported, "\(Revision.quote(asked)) is a tag of a tag of a tag, more than 16 deep")
    }

    private func absent(_ id: ObjectID, asked: String) -> GitError {
        let what = asked == id.text ? "the commit \(asked)" : "\(Revision.quote(asked)) (commit \(id.shortText))"
        guard isShallow else {
            return GitError(.noSuchRevision, "\(what) is not in this repository: run `git fetch`")
        }
        return GitError(
            .missingHistory, "\(what) is not in this shallow clone: run `git fetch --unshallow`, or clone deeper")
    }

    private func parent(
        _ number: Int, of commit: ObjectID, _ shallow: Set<ObjectID>, asked: String
    ) throws(GitError) -> ObjectID {
        let found = try self.commit(commit)
        guard found.parents.indices.contains(number - 1) else {
            let count = found.parents.isEmpty ? "no parent" : "\(found.parents.count) parent(s)"
            throw GitError(
                .noSuchRevision, "\(Revision.quote(asked)) does not exist: the commit \(commit.shortText) has \(count)")
        }
        guard !shallow.contains(commit) else { throw Self.historyEnds(at: commit, asked: Revision.quote(asked)) }
        return found.parents[number - 1]
    }

    private func unborn(_ branch: String) throws(GitError) -> GitError {
        let others = try branches()
        let shown = Revision.quote(branch)
        guard !others.isEmpty else {
            return GitError(
                .emptyRepository,
                "the branch \(shown) has no commit: there is no commit yet, or the branch was deleted; commit the manifests,"
                    + " or push the branch again")
        }
        let list = others.prefix(5).map { escapedForDisplay($0, limit: 60) }.joined(separator: ", ")
        return GitError(
            .unbornBranch,
            "no commit yet on the branch \(shown), or it was deleted; there are \(list): name one of them, or commit")
    }

    private func hint(_ name: String) throws(GitError) -> String {
        guard let nearest = nearestName(to: name, among: try branches()) else { return "" }
        return ": did you mean \(Revision.quote(nearest))?"
    }
}
