import Values

/// Commit objects as bytes: header lines, an empty line, the message (gitformat: `git help cat-file`).
enum CommitFormat {
    /// A commit object longer than this is not read.
    static let longestCommit = 1 << 20

    /// Throws `corruptObject` where there is no tree or a malformed parent. Malformed people and times, of which
    /// old histories have some, are read as far as they go.
    static func parse(_ bytes: [UInt8], id: ObjectID) throws(GitError) -> Commit {
        var rest = bytes[...]
        guard let tree = objectID(after: "tree ", in: line(of: &rest)) else { throw damaged(id, "it names no tree") }
        var parents: [ObjectID] = []
        var author: Person?
        var committer: Person?
        while !rest.isEmpty {
            let next = line(of: &rest)
            if next.isEmpty { break }
            if next.starts(with: Array("parent ".utf8)) {
                guard let parent = objectID(after: "parent ", in: next) else {
                    throw damaged(id, "one of its parents is no object id")
                }
                parents.append(parent)
            } else if author == nil, let found = Person(next, after: "author ") {
                author = found
            } else if committer == nil, let found = Person(next, after: "committer ") {
                committer = found
            }
        }
        return Commit(
            id: id, tree: tree, parents: parents, author: author?.identity ?? CommitAuthor(name: "", email: ""),
            time: committer?.time ?? Instant(seconds: 0), authorTime: author?.time ?? Instant(seconds: 0),
            message: String(decoding: rest, as: UTF8.self))
    }

    /// The object that an annotated tag points to; `nil` when it does not say.
    static func tagged(_ bytes: [UInt8]) -> ObjectID? {
        var rest = bytes[...]
        return objectID(after: "object ", in: line(of: &rest))
    }

    /// The bytes of a new commit in UTC. Throws `unsupported` for a person that a commit cannot hold.
    static func serialize(
        tree: ObjectID, parents: [ObjectID], author: CommitAuthor, time: Instant, message: String
    ) throws(GitError) -> [UInt8] {
        for part in [author.name, author.email] {
            guard !part.unicodeScalars.contains(where: { $0 == "<" || $0 == ">" || $0.value < 0x20 }) else {
                let shown = escapedForDisplay(part, limit: 120)
                throw GitError(.unsupported, "\"\(shown)\" cannot be part of a commit's author: < > and controls")
            }
        }
        guard !message.utf8.contains(0) else { throw GitError(.unsupported, "a commit's message cannot hold a NUL") }
        let person = "\(author.name) <\(author.email)> \(time.seconds) +0000"
        var text = "tree \(tree)\n"
        for parent in parents { text += "parent \(parent)\n" }
        text += "author \(person)\ncommitter \(person)\n\n\(message)"
        return Array(text.utf8) + (message.hasSuffix("\n") ? [] : [UInt8(ascii: "\n")])
    }

    /// `Name <email> seconds zone`.
    private struct Person {
        let identity: CommitAuthor
        let time: Instant

        init?(_ line: ArraySlice<UInt8>, after keyword: String) {
            guard line.starts(with: Array(keyword.utf8)) else { return nil }
            let text = String(decoding: line.dropFirst(keyword.utf8.count), as: UTF8.self)
            guard let close = text.lastIndex(of: ">"), let open = text[..<close].firstIndex(of: "<") else {
                identity = CommitAuthor(name: text, email: "")
                time = Instant(seconds: 0)
                return
            }
            var name = text[..<open]
            while name.last == " " { name.removeLast() }
            identity = CommitAuthor(name: String(name), email: String(text[text.index(after: open)..<close]))
            let seconds = text[close...].dropFirst().split(separator: " ").first.flatMap { Int64($0) }
            time = Instant(seconds: seconds ?? 0)
        }
    }

    private static func line(of rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let line = rest.prefix { $0 != UInt8(ascii: "\n") }
        rest = rest.dropFirst(line.count + 1)
        return line
    }

    private static func objectID(after keyword: String, in line: ArraySlice<UInt8>) -> ObjectID? {
        guard line.starts(with: Array(keyword.utf8)) else { return nil }
        return ObjectID(String(decoding: line.dropFirst(keyword.utf8.count), as: UTF8.self))
    }

    private static func damaged(_ id: ObjectID, _ what: String) -> GitError {
        GitError(.corruptObject, "the commit \(id.shortText) is damaged: \(what); run `git fsck` in the repository")
    }
}
