#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A repository of the plainest form: a directory of ours with a `.git` directory in it, or a bare one. Of those, a few
/// small files say which commit a branch is at, so that a head that is known already costs no other process.
///
/// Nothing is decided by what is found here but that there is nothing to read: whatever is unusual, or another commit,
/// is left to the process that reads repositories.
struct PlainRepository {
    /// Nil for a bare one.
    let workingDirectory: String?
    /// Where references and objects are.
    let commonDirectory: String

    /// Bytes of a reference, and of all packed ones.
    private static let referenceLimit = 4 << 10
    private static let packedLimit = 16 << 20

    /// Nil for everything else, a repository of another user too.
    init?(_ location: String) {
        guard let directory = Paths.resolved(location), Self.isOurs(directory) else { return nil }
        let isBare = !Paths.exists(directory + "/.git")
        let common = isBare ? directory : directory + "/.git"
        guard isBare ? Self.isOurs(common + "/refs") && Paths.isFile(common + "/HEAD") : Self.isOurs(common),
            !Paths.exists(common + "/commondir"), !Paths.exists(common + "/objects/info/alternates"),
            let settings = SmallFile.read(common + "/config", limit: 64 << 10),
            Self.isPlain(settings, isBare: isBare)
        else { return nil }
        workingDirectory = isBare ? nil : directory
        commonDirectory = common
    }

    /// The commit's id, as far as it is plain to see; tags that are objects of their own are given as those.
    ///
    /// - Parameter revision: `HEAD`, a branch or a full id
    func tip(of revision: String) -> String? {
        if Self.isID(revision[...]) { return revision }
        guard revision != "HEAD" else { return head() }
        // Another meaning of the name would come before that of a branch.
        guard Self.isName(revision), target(of: "refs/" + revision) == nil, target(of: "refs/tags/" + revision) == nil
        else { return nil }
        return target(of: "refs/heads/" + revision)
    }

    private func head() -> String? {
        guard let text = read("HEAD") else { return nil }
        if Self.isID(text[...]) { return text }
        let prefix = "ref: "
        guard text.hasPrefix(prefix + "refs/heads/"), Self.isName(String(text.dropFirst(prefix.count))) else {
            return nil
        }
        return target(of: String(text.dropFirst(prefix.count)))
    }

    private func target(of reference: String) -> String? {
        if let text = read(reference) { return Self.isID(text[...]) ? text : nil }
        guard let bytes = SmallFile.read(commonDirectory + "/packed-refs", limit: Self.packedLimit) else { return nil }
        let wanted = Array(" \(reference)".utf8)
        for line in bytes.split(separator: UInt8(ascii: "\n")) where line.count == 40 + wanted.count {
            let id = String(decoding: line.prefix(40), as: UTF8.self)
            if line.dropFirst(40).elementsEqual(wanted), Self.isID(id[...]) { return id }
        }
        return nil
    }

    /// A file below the git directory, without its line feed.
    private func read(_ name: String) -> String? {
        guard let bytes = SmallFile.read(commonDirectory + "/" + name, limit: Self.referenceLimit) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    private static func isID(_ text: Substring) -> Bool {
        text.utf8.count == 40
            && text.utf8.allSatisfy {
                ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9"))
                    || ($0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "f"))
            }
    }

    /// Plain names only: nothing that leaves the directory, and none of git's operators.
    private static func isName(_ text: String) -> Bool {
        (1...200).contains(text.utf8.count) && !text.hasPrefix("/") && !text.hasPrefix("-")
            && text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
                !part.isEmpty && !part.hasPrefix(".") && !part.hasSuffix(".lock") && !part.contains("..")
            }
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                    UInt8(ascii: "/"):
                    true
                default: false
                }
            }
    }

    /// Whether git's settings cannot say that the files are elsewhere, or that there are none, or of another format.
    private static func isPlain(_ settings: [UInt8], isBare: Bool) -> Bool {
        let text = String(decoding: settings, as: UTF8.self).lowercased().filter { $0 != " " && $0 != "\t" }
        return !["worktree", "include", "extensions"].contains { text.contains($0) }
            && text.split(separator: "\n").allSatisfy {
                !$0.hasPrefix("repositoryformatversion") || $0 == "repositoryformatversion=0"
            }
            && (isBare ? text.contains("bare=true") : !text.contains("bare") || text.contains("bare=false"))
    }

    private static func isOurs(_ path: String) -> Bool {
        var facts = stat()
        return lstat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR && facts.st_uid == geteuid()
    }
}
