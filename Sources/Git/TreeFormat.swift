/// Tree objects as bytes: `mode SP name NUL id`, repeated. Read here and not by libgit2, so that nothing is
/// normalised, skipped or cached on the way and every fault is found before an entry is used.
enum TreeFormat {
    /// A tree object longer than this is not read. 200,000 entries with names of 130 bytes fit.
    static let longestTree = 32 << 20

    /// Throws `corruptObject` for bytes that are no tree, an unknown mode, entries out of order, and `hostileName`
    /// for two entries of one name.
    static func parse(_ bytes: [UInt8], tree: ObjectID, path: String) throws(GitError) -> [TreeEntry] {
        var entries: [TreeEntry] = []
        var names: Set<[UInt8]> = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let entry = try next(of: &rest, tree: tree, path: path)
            guard names.insert(entry.name).inserted else {
                throw GitError(
                    .hostileName,
                    "\(describe(tree, path)) has the name \"\(escapedForDisplay(bytes: entry.name))\" twice:"
                        + " the commit is refused")
            }
            if let last = entries.last, !TreeEntry.precedes(last, entry) {
                throw damaged(tree, path, "its entries are out of order")
            }
            entries.append(entry)
        }
        return entries
    }

    /// The entries as a tree object, in git's order.
    static func serialize(_ entries: some Sequence<TreeEntry>) -> [UInt8] {
        var bytes: [UInt8] = []
        for entry in entries.sorted(by: TreeEntry.precedes) {
            bytes += Array(entry.kind.mode.utf8) + [UInt8(ascii: " ")] + entry.name + [0] + entry.id.bytes
        }
        return bytes
    }

    private static func next(
        of rest: inout ArraySlice<UInt8>, tree: ObjectID, path: String
    ) throws(GitError) -> TreeEntry {
        guard let space = rest.prefix(8).firstIndex(of: UInt8(ascii: " ")) else {
            throw damaged(tree, path, "an entry has no mode")
        }
        var mode: UInt32 = 0
        for digit in rest[rest.startIndex..<space] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit) else {
                throw damaged(tree, path, "an entry has no mode")
            }
            mode = mode << 3 | UInt32(digit - UInt8(ascii: "0"))
        }
        rest = rest[space...].dropFirst()
        guard let end = rest.firstIndex(of: 0) else { throw damaged(tree, path, "an entry is cut off") }
        let name = Array(rest[rest.startIndex..<end])
        rest = rest[end...].dropFirst()
        guard let id = ObjectID(bytes: rest.prefix(20)) else { throw damaged(tree, path, "an entry is cut off") }
        rest = rest.dropFirst(20)
        guard let kind = TreeEntry.Kind(mode: mode) else {
            let shown = escapedForDisplay(bytes: name)
            throw damaged(tree, path, "\"\(shown)\" has the unknown mode \(String(mode, radix: 8))")
        }
        return TreeEntry(kind: kind, name: name, id: id)
    }

    private static func damaged(_ tree: ObjectID, _ path: String, _ what: String) -> GitError {
        GitError(.corruptObject, "\(describe(tree, path)) is damaged: \(what); run `git fsck` in the repository")
    }

    private static func describe(_ tree: ObjectID, _ path: String) -> String {
        path.isEmpty ? "the root tree \(tree.shortText)" : "the tree \(tree.shortText) at \(escapedForDisplay(path))"
    }
}
