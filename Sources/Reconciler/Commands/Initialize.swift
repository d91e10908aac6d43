import ArgumentParser
import Git
import Spec
import Values

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

struct Initialize: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a configuration repository to start from.",
        discussion: "Writes a few manifests that run with no key and no network, and commits them. Overwrites nothing.")

    @Argument(help: "The directory; it is made where it is missing.")
    var directory = "."

    @OptionGroup var output: OutputOptions

    func run() throws {
        let files = StarterFiles.all
        let root = directory
        let isHere = root == "."
        for path in files.keys.sorted() where Paths.resolved("\(root)/\(path)") != nil {
            throw CommandFailure("\(root)/\(path) is there already; nothing was written")
        }
        let repository = try self.repository(at: root)
        for (path, text) in files.sorted(by: { $0.key < $1.key }) { try write(text, to: "\(root)/\(path)") }
        let commit = try repository.commit(
            files: files.mapValues { Array($0.utf8) }, message: "Begin with Writ\n",
            author: CommitAuthor(name: Actor.current, email: "writ@localhost"), time: SystemTime.now())
        try repository.addToIndex(files.keys.sorted(), from: commit)
        Terminal.result(files.keys.sorted().map { "  \($0)" }.joined(separator: "\n"))
        output.talk(
            """
            Committed \(commit.shortText)\(isHere ? "" : " in \(root)"). Next:
            \(isHere ? "" : "    cd \(root)\n")    writ validate
                writ plan
                writ apply
                writ run greeter --input 'Hello'
            """)
    }

    /// The repository whose root the directory is; a new one where there is none.
    private func repository(at root: String) throws -> Git.Repository {
        guard let resolved = Paths.resolved(root) else { return try Git.Repository.create(at: root) }
        do {
            let repository = try Git.Repository.open(at: resolved)
            if repository.workingDirectory == resolved { return repository }
            throw CommandFailure(
                "\(root) lies inside the repository \(repository.workingDirectory ?? repository.gitDirectory): name its root, or a directory outside"
            )
        } catch let error as GitError where error.code == .noRepository {
            return try Git.Repository.create(at: resolved)
        }
    }

    private func write(_ text: String, to path: String) throws {
        var made = ""
        for name in path.split(separator: "/", omittingEmptySubsequences: false).dropLast() {
            made += made.isEmpty && !path.hasPrefix("/") ? String(name) : "/\(name)"
            if !made.isEmpty { mkdir(made, 0o777) }
        }
        guard let file = fopen(path, "wx") else {
            throw CommandFailure("cannot write \(path): \(String(cString: strerror(errno)))")
        }
        defer { fclose(file) }
        guard fputs(text, file) >= 0 else {
            throw CommandFailure("cannot write \(path): \(String(cString: strerror(errno)))")
        }
    }
}
