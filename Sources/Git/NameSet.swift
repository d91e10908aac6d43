/// The visible names of one directory, so that two which some file system takes for one are found.
struct NameSet {
    let directory: String
    private var seen: Set<String> = []

    init(directory: String) { self.directory = directory }

    /// The name as text, `nil` when it is left out; throws `hostileName` for what refuses the whole snapshot.
    mutating func admit(_ bytes: [UInt8]) throws(GitError) -> String? {
        switch EntryName.judge(bytes) {
        case .leftOut:
            return nil
        case .hostile(let reason):
            throw refusal(bytes, reason)
        case .visible(let name):
            guard seen.insert(EntryName.folded(name)).inserted else {
                throw refusal(bytes, "differs from another name there only in case or in its Unicode form")
            }
            return name
        }
    }

    private func refusal(_ bytes: [UInt8], _ reason: String) -> GitError {
        let shown = escapedForDisplay(bytes: bytes, limit: 120)
        return GitError(
            .hostileName,
            "the name \"\(shown)\" in \(WalkBudget.show(directory)) \(reason): nothing of it is read; rename the file")
    }
}
