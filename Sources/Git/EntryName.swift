/// What a name in a tree or a directory is to us. Names come from outside: libgit2 hands back `..`, names with
/// slashes and escape sequences without an error, because it checks them only on checkout (faults B41, B42, B46).
enum EntryName {
    enum Verdict: Equatable {
        case visible(String)
        /// Hidden (a leading dot), or another way to write `.git`.
        case leftOut
        /// The reason why the whole tree is refused.
        case hostile(String)
    }

    static func judge(_ bytes: [UInt8]) -> Verdict {
        if bytes.isEmpty { return .hostile("is empty") }
        if bytes == [dot] || bytes == [dot, dot] { return .hostile("points out of its directory") }
        if bytes.contains(UInt8(ascii: "/")) { return .hostile("contains a slash") }
        if bytes.first == dot { return .leftOut }
        // Most names hold nothing that any file system, terminal or reader could take for something else.
        if bytes.allSatisfy(isPlain) { return .visible(String(decoding: bytes, as: UTF8.self)) }
        guard let name = String(validating: bytes, as: UTF8.self) else { return .hostile("is not UTF-8") }
        if isGitDirectory(name) { return .leftOut }
        if bytes.contains(UInt8(ascii: "\\")) { return .hostile("contains a backslash") }
        for scalar in name.unicodeScalars where isRefused(scalar) { return .hostile("contains a control character") }
        return .visible(name)
    }

    /// The name, where it is one that some file system takes for `.git`.
    static func gitDirectory(_ bytes: [UInt8]) -> String? {
        String(validating: bytes, as: UTF8.self).flatMap { isGitDirectory($0) ? $0 : nil }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), dot:
            true
        default: false
        }
    }

    /// Whether some file system takes `name` for `.git`: case, characters that HFS+ ignores, the short name of NTFS,
    /// and the dots, spaces and streams that NTFS cuts off the end.
    static func isGitDirectory(_ name: String) -> Bool {
        var scalars = String.UnicodeScalarView()
        for scalar in name.unicodeScalars where !isIgnoredByHFS(scalar) {
            if scalar == ":" { break }
            scalars.append(scalar)
        }
        var plain = String(scalars).lowercased()
        while let last = plain.last, last == "." || last == " " { plain.removeLast() }
        return plain == ".git" || plain == "git~1"
    }

    /// Equal for two names that some file system takes for one: they differ in case or in Unicode form only.
    /// (Swift compares strings by canonical equivalence.)
    static func folded(_ name: String) -> String { name.lowercased() }

    private static let dot = UInt8(ascii: ".")

    private static func isRefused(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f..<0xa0, 0x2028, 0x2029, 0x202a...0x202e, 0x2066...0x2069: true
        default: false
        }
    }

    private static func isIgnoredByHFS(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200c...0x200f, 0x202a...0x202e, 0x206a...0x206f, 0xfeff: true
        default: false
        }
    }
}
