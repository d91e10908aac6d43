/// A path inside a repository, taken apart: names between slashes, none of which can lead out of it.
struct RepositoryPath: Hashable {
    let names: [String]

    /// `nil` for what no path in a repository can be: absolute, with empty names, `.`, `..`, a NUL, or `.git` in
    /// any spelling. The empty text is the root; one slash at the end is allowed.
    init?(_ text: String) {
        var rest = text[...]
        if rest.hasSuffix("/"), rest.count > 1 { rest = rest.dropLast() }
        guard !rest.isEmpty else {
            names = []
            return
        }
        var names: [String] = []
        for part in rest.split(separator: "/", omittingEmptySubsequences: false) {
            let name = String(part)
            guard !name.isEmpty, name != ".", name != "..", !name.utf8.contains(0), !EntryName.isGitDirectory(name)
            else { return nil }
            names.append(name)
        }
        self.names = names
    }

    var text: String { names.joined(separator: "/") }

    /// `directory` and `name` with a slash between them, where there is a directory.
    static func join(_ directory: String, _ name: String) -> String {
        directory.isEmpty ? name : directory + "/" + name
    }
}
