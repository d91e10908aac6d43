extension Repository {
    /// Reads one commit. Throws `noSuchRevision`, or `missingHistory` in a shallow clone, when it is not here.
    package func commit(_ id: ObjectID) throws(GitError) -> Commit {
        let isShallow = isShallow
        return try withHandle { (handle) throws(GitError) -> Commit in
            let what = "the commit \(id.shortText)"
            guard try handle.header(of: id, what: what) != nil else {
                if isShallow { throw Self.historyEnds(at: id, asked: what) }
                throw GitError(.noSuchRevision, "\(what) is not in this repository: run `git fetch`, or `git fsck`")
            }
            let bytes = try handle.bytes(of: id, expecting: .commit, limit: CommitFormat.longestCommit, what: what)
            return try CommitFormat.parse(bytes, id: id)
        }
    }

    /// The object of a commit as it is stored, for what a signature covers.
    package func commitBytes(_ id: ObjectID) throws(GitError) -> [UInt8] {
        try withHandle { (handle) throws(GitError) -> [UInt8] in
            try handle.bytes(
                of: id, expecting: .commit, limit: CommitFormat.longestCommit, what: "the commit \(id.shortText)")
        }
    }

    /// Whether `ancestor` is `descendant` or can be reached from it through parents.
    ///
    /// Throws `missingHistory` when it was not found in what a shallow clone has (the answer may lie beyond), and
    /// `tooManyEntries` after `limit` commits.
    package func isAncestor(
        _ ancestor: ObjectID, of descendant: ObjectID, limit: Int = 100_000
    ) throws(GitError) -> Bool {
        if ancestor == descendant { return true }
        let shallow = try shallowCommits()
        var queue = CommitQueue()
        var end: ObjectID?
        queue.insert(try commit(descendant))
        while let next = queue.next() {
            if next.parents.contains(ancestor) { return true }
            if shallow.contains(next.id) {
                end = end ?? next.id
                continue
            }
            for parent in next.parents where !queue.contains(parent) { queue.insert(try commit(parent)) }
            guard queue.count <= limit else {
                throw GitError(
                    .tooManyEntries,
                    "the commit \(ancestor.shortText) is not among the last \(limit) before \(descendant.shortText)")
            }
        }
        if let end {
            throw Self.historyEnds(
                at: end, asked: "whether \(descendant.shortText) descends from \(ancestor.shortText)")
        }
        return false
    }

    /// The commits reachable from one, the latest first, at most `limit`; a shallow clone's end where it ends.
    package func history(from start: ObjectID, limit: Int) throws(GitError) -> [Commit] {
        let shallow = try shallowCommits()
        var queue = CommitQueue()
        var result: [Commit] = []
        queue.insert(try commit(start))
        while result.count < limit, let next = queue.next() {
            result.append(next)
            if shallow.contains(next.id) { continue }
            for parent in next.parents where !queue.contains(parent) { queue.insert(try commit(parent)) }
        }
        return result
    }

    /// The commits whose parents a shallow clone left behind (gitshallow: one id a line).
    func shallowCommits() throws(GitError) -> Set<ObjectID> {
        let path = commonDirectory + "/shallow"
        guard FileStatus.exists(path) else { return [] }
        let bytes = try FileDescriptor.contents(ofFileAt: path, limit: 16 << 20)
        return Set(
            bytes.split(separator: UInt8(ascii: "\n")).compactMap { ObjectID(String(decoding: $0, as: UTF8.self)) })
    }

    static func historyEnds(at commit: ObjectID, asked: String) -> GitError {
        GitError(
            .missingHistory,
            "\(asked) needs history that this shallow clone does not have: it ends at \(commit.shortText); run"
                + " `git fetch --unshallow`, or clone deeper (fetch-depth)")
    }
}
