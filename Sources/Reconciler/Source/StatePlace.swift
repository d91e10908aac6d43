import Git
import Values

/// Where the state of a repository is when nobody says otherwise: beside the working tree, or below the user's state
/// directory for a bare repository and a URL.
struct StatePlace {
    private let workingDirectory: String?
    private let commonDirectory: String
    /// Below the user's state directory.
    private let name: String

    init(workingDirectory: String?, commonDirectory: String) {
        self.workingDirectory = workingDirectory
        self.commonDirectory = commonDirectory
        let words = commonDirectory.split(separator: "/").suffix(2).joined(separator: "-")
        name = "\(words)-\(Digest(of: commonDirectory.utf8).text.dropFirst("sha256:".count).prefix(12))"
    }

    init(_ url: RepositoryURL) {
        workingDirectory = nil
        commonDirectory = ""
        name = url.directoryName
    }

    var path: String { Paths.followed(named) }

    private var named: String {
        if let workingDirectory { return "\(workingDirectory)/.writ/state.db" }
        let home = Environment["XDG_STATE_HOME"] ?? "\(Environment["HOME"] ?? "/var/lib")/.local/state"
        return "\(home)/writ/\(name)/state.db"
    }

    /// Kept out of `git status` in a working tree, with the directories above it for a bare repository.
    func prepare() {
        guard workingDirectory == nil else {
            // A read-only .git only means that `git status` lists the directory.
            try? Git.Repository.excludeFromStatus("/.writ/", commonDirectory: commonDirectory)
            return
        }
        // What cannot be made is told when the state is opened.
        Paths.makeDirectories(above: path)
    }
}
