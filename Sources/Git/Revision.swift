/// How people name a commit (gitrevisions(7)): a name, then any number of `^`, `^2`, `~`, `~3`.
struct Revision: Hashable {
    enum Step: Hashable {
        /// The n-th parent, from 1; 0 is the commit itself.
        case parent(Int)
        /// So many first parents back.
        case generations(Int)
    }

    let base: String
    let steps: [Step]

    /// Throws `noSuchRevision` for what cannot name a commit, `unsupported` for the forms of git that this does not
    /// read: ranges, `@{…}`, `:path`, `^{…}` but for `^{commit}`.
    init(_ text: String) throws(GitError) {
        let name = text.prefix { $0 != "^" && $0 != "~" }
        guard !name.isEmpty, !text.utf8.contains(0), text.utf8.count <= 1_000 else {
            throw GitError(.noSuchRevision, "\(Self.quote(text)) names no revision: give a branch, a tag or a commit")
        }
        guard !name.contains(".."), !name.contains("@{"), !name.contains(":") else {
            throw GitError(.unsupported, "\(Self.quote(text)) is not one commit: give a branch, a tag or a commit")
        }
        base = name == "@" ? "HEAD" : String(name)
        var rest = text[name.endIndex...]
        var steps: [Step] = []
        while let sign = rest.popFirst() {
            if rest.first == "{" {
                let kind = rest.prefix { $0 != "}" }
                guard sign == "^", kind == "{" || kind == "{commit", rest.count > kind.count else {
                    throw GitError(
                        .unsupported, "\(Self.quote(text)): of the forms with braces only ^{commit} is read")
                }
                rest = rest.dropFirst(kind.count + 1)
                continue
            }
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            guard let number = digits.isEmpty ? 1 : Int(digits), number <= 1_000_000, sign == "^" || sign == "~" else {
                throw GitError(
                    .noSuchRevision, "\(Self.quote(text)) names no revision: what follows ^ or ~ is a number")
            }
            steps.append(sign == "^" ? .parent(number) : .generations(number))
        }
        self.steps = steps
    }

    static func quote(_ text: String) -> String { "\"\(escapedForDisplay(text, limit: 120))\"" }
}
