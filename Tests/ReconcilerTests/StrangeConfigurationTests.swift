import Foundation
import TestSupport
import Testing

/// What a repository's or a user's git configuration says, and Writ does not do.
@Suite("Strange git configuration")
struct StrangeConfigurationTests {
    private let files = [
        "ada.yaml": "apiVersion: writ/v1\nkind: User\nmetadata: {name: ada}\nspec: {displayName: Ada}\n"
    ]

    @Test(
        "A form of repository that is not read is told in one line, by every command (fault B49)",
        arguments: [
            "[core]\n\trepositoryformatversion = 9\n\tbare = false\n",
            "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha256\n",
            "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tnothingThatIsKnown = true\n",
            "[core\n", "[include]\n\tpath = config\n[core]\n\trepositoryformatversion = 9\n",
        ])
    func isUnknown(_ config: String) async throws {
        let fleet = try Fleet(files)
        try fleet.repository.directory.write(".git/config", config)
        for command in ["plan", "apply"] {
            let result = try await fleet.writ(command)
            #expect(result.status == 1 && result.stderr.hasPrefix("writ: error: "), "\(result)")
            #expect(result.stdout.isEmpty && result.stderr.split(separator: "\n").count == 1, "\(result)")
        }
    }

    @Test("References that lead to each other are told, not followed for ever (fault B49)")
    func isLoop() async throws {
        let fleet = try Fleet(files)
        try fleet.repository.writeReference("refs/heads/main", "ref: refs/heads/other")
        try fleet.repository.writeReference("refs/heads/other", "ref: refs/heads/main")
        let result = try await fleet.writ("plan")
        #expect(result.status == 1 && result.stderr.hasPrefix("writ: error: "), "\(result)")
    }

    @Test("A user's broken configuration, or one that cannot be read, changes nothing (fault B50)")
    func isUserBroken() async throws {
        var fleet = try Fleet(files)
        let home = try TemporaryDirectory()
        fleet.environment["HOME"] = home.path
        fleet.environment["XDG_CONFIG_HOME"] = home.path("config")
        try home.write("config/git/config", "[core\n")
        try home.write(".gitconfig", "[core\n\tbare = perhaps\n[include]\n\tpath = .gitconfig\n")
        let broken = try await fleet.writ("plan")
        #expect(broken.status == 0 && broken.stdout.contains("User/ada"), "\(broken)")
        try home.remove(".gitconfig")
        // Nobody, root neither, reads a directory as a file.
        try home.makeDirectory(".gitconfig")
        let unreadable = try await fleet.writ("plan")
        #expect(unreadable.status == 0 && unreadable.stdout.contains("User/ada"), "\(unreadable)")
    }

    @Test("Hooks, filters, monitors and commands of a repository are not run (fault B53)")
    func isNotRun() async throws {
        let fleet = try Fleet(
            files.merging([".gitattributes": "* filter=evil diff=evil merge=evil\n"]) { first, _ in first })
        let directory = fleet.repository.directory
        let mark = directory.path("ran")
        let command = "touch \(mark)"
        try directory.write(
            ".git/config",
            """
            [core]
            \trepositoryformatversion = 0
            \tbare = false
            \tfsmonitor = \(command)
            \tsshCommand = \(command)
            \tgitProxy = \(command)
            \tpager = \(command)
            \thooksPath = .git/hooks
            [filter "evil"]
            \tclean = \(command)
            \tsmudge = \(command)
            \tprocess = \(command)
            \trequired = true
            [diff "evil"]
            \tcommand = \(command)
            \ttextconv = \(command)
            [gpg]
            \tprogram = \(command)
            [credential]
            \thelper = !\(command)
            [uploadpack]
            \tpackObjectsHook = \(command)

            """)
        for hook in ["post-checkout", "pre-commit", "reference-transaction", "post-merge", "fsmonitor-watchman"] {
            try directory.write(".git/hooks/\(hook)", "#!/bin/sh\n\(command)\n")
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: directory.path(".git/hooks/\(hook)"))
        }
        let commands = [
            ["validate"], ["validate", "--rev", "HEAD"], ["plan"], ["apply"], ["diff", "HEAD"],
            ["plan", "--repo", "file://" + fleet.repository.path],
        ]
        for arguments in commands {
            let result = try await fleet.writ(arguments)
            #expect(result.status == 0, "\(result)")
        }
        #expect(!directory.exists("ran"))
    }
}
