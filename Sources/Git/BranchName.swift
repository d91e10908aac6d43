import CLibGit2

/// Names of branches, as people give them: without `refs/heads/`.
enum BranchName {
    /// Throws `noSuchBranch` for a text that cannot name a branch (git-check-ref-format).
    static func check(_ name: String) throws(GitError) {
        guard !isValid(name) else { return }
        throw GitError(.noSuchBranch, "\"\(escapedForDisplay(name, limit: 120))\" cannot be the name of a branch")
    }

    static func isValid(_ name: String) -> Bool {
        guard !name.isEmpty, name.utf8.count <= 250, !name.utf8.contains(0) else { return false }
        var valid: Int32 = 0
        return git_branch_name_is_valid(&valid, name) == 0 && valid == 1
    }

    static func reference(_ name: String) -> String { "refs/heads/" + name }
}
