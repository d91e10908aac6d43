import Spec
import Values

/// What a manifest that waits for a mend says, and what that may still make anything of.
struct MendableContent {
    private let known: Set<ContentPart>
    /// Dotted paths as those of parts: all that lies there or below.
    private let open: [String]
    private let admitsMore: Bool
    /// The paths of what is known, and all around and below which nothing else can stand.
    private let taken: Set<String>
    /// Whether it says enough to be told from others at all.
    let isTelling: Bool

    /// - Parameters:
    ///   - manifest: canonical; what cannot be read is left out
    ///   - isThere: whether something of that name will be in force: a name of anything else may be mended
    init(_ kind: KindName, _ content: ReadableContent, isThere: (ResourceID) -> Bool) {
        let known = ContentPart.parts(of: content.known)
        let dangling = content.references(of: kind).filter { !isThere($0.target) }
            .map { Self.way(to: $0.pointer, in: content.known) }
        let open = Set(content.open.map(\.tokens) + dangling).map { $0.joined(separator: ".") }
        isTelling = known.count + content.unread >= ResourceContents.least
        self.known = known.filter { part in !open.contains { Self.lies(part.path, in: $0) } }
        self.open = open
        admitsMore = content.admitsMore
        taken = Set(self.known.map(\.path))
    }

    /// Whether a mend can make of it what would be found to be the resource under another name: it brings at best all that
    /// is gone of what it can bring.
    func mayBecome(_ gone: Set<ContentPart>) -> Bool {
        var shared = 0
        var brought = 0
        var (count, weight) = (0, 0)
        for part in gone {
            if known.contains(part) {
                count += 1
                shared += part.weight
            } else if isOpen(part.path) {
                brought += 1
                weight += part.weight
            }
        }
        // Beyond it not all of what both say is compared.
        guard known.count + brought < ContentPart.limit else { return true }
        if count + brought == gone.count, count == known.count { return gone.count >= ResourceContents.leastAlone }
        let total = gone.weight + known.weight + weight
        return count + brought >= ResourceContents.least
            && Double(2 * (shared + weight)) >= RenameSearch.threshold * Double(total)
    }

    /// Without what follows a list.
    private static func way(to pointer: JSONPointer, in manifest: JSON) -> [String] {
        var value: JSON? = manifest
        return Array(
            pointer.tokens.prefix { token in
                value = value?.object?[token]
                return value != nil
            })
    }

    private func isOpen(_ path: String) -> Bool {
        open.contains { Self.lies(path, in: $0) }
            || admitsMore && !taken.contains { Self.lies(path, in: $0) || Self.lies($0, in: path) }
    }

    private static func lies(_ path: String, in outer: String) -> Bool {
        guard path.utf8.starts(with: outer.utf8) else { return false }
        let next = path.utf8.dropFirst(outer.utf8.count).first
        return next == nil || next == UInt8(ascii: ".") || next == UInt8(ascii: "[")
    }
}
