import Foundation
import TestSupport
import Testing

/// Whom a fetch talks to, over TLS and over ssh. The other side is what Debian has; where it is not installed, nothing
/// is tested.
@Suite("Servers that are not who they say", .timeLimit(.minutes(5)))
struct PeerTests {
    private static func has(_ programs: String...) -> Bool {
        programs.allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }
    }

    private static func run(_ program: String, _ arguments: String..., in directory: String) async throws {
        let process = try ChildProcess(
            program, arguments, environment: ["PATH": "/usr/bin:/bin", "HOME": directory], directory: directory)
        try #require(try await process.wait() == 0, "\(program): \(process.stderr)")
    }

    /// A port that nobody listens on, most likely.
    private static func port() -> Int { Int.random(in: 20_000..<60_000) }

    @Test(
        "A certificate that nobody vouches for, or for another host, ends a fetch",
        .enabled(if: has("/usr/bin/openssl")))
    func certificate() async throws {
        let home = try TemporaryDirectory()
        for name in ["mine", "other"] {
            try await Self.run(
                "/usr/bin/openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "\(name).key", "-out",
                "\(name).pem", "-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                in: home.path)
        }
        try home.write("fleet.git/info/refs", "no git server speaks so\n")
        let port = Self.port()
        let server = try ChildProcess(
            "/usr/bin/openssl",
            ["s_server", "-accept", "127.0.0.1:\(port)", "-cert", "mine.pem", "-key", "mine.key", "-WWW", "-quiet"],
            environment: [:], directory: home.path)
        func plan(_ host: String, _ authority: String?) async throws -> CommandResult {
            try await WritBinary.run(
                ["plan", "--repo", "https://\(host):\(port)/fleet.git"]
                    + (authority.map { ["--ca-file", home.path($0)] } ?? []),
                environment: ["HOME": home.path], in: home.path)
        }
        try await waitUntil("a server") {
            !(try await plan("localhost", "mine.pem")).stderr.contains("failed to connect")
        }
        let trusted = try await plan("localhost", "mine.pem")
        #expect(trusted.status == 1 && !trusted.stderr.contains("cannot be trusted"), "\(trusted)")
        for (host, authority) in [("localhost", nil), ("localhost", "other.pem"), ("127.0.0.1", "mine.pem")] {
            let result = try await plan(host, authority)
            #expect(result.status == 1 && result.stderr.contains("cannot be trusted"), "\(result)")
        }
        let none = try await plan("localhost", "fleet.git/info/refs")
        #expect(none.status == 1 && none.stderr.contains("no certificates"), "\(none)")
        server.send(SIGKILL)
    }

    @Test(
        "A host key that is not known ends a fetch over ssh, and a key of ours lets in",
        .enabled(if: has("/usr/sbin/sshd", "/usr/bin/ssh-keygen", "/usr/bin/git-upload-pack")))
    func hostKey() async throws {
        let remote = try TestRepository(bare: true)
        try remote.commit(["ada.yaml": "apiVersion: writ/v1\nkind: User\nmetadata: {name: ada}\nspec: {}\n"])
        let home = try TemporaryDirectory()
        for name in ["host", "ours", "theirs"] {
            try await Self.run(
                "/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", home.path(name), in: home.path)
        }
        try await Self.run(
            "/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "a phrase", "-f", home.path("closed"), in: home.path)
        try await Self.run(
            "/usr/bin/ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", home.path("rsa"), in: home.path)
        let port = Self.port()
        try home.write("authorized", try home.read("ours.pub"))
        try home.write(
            "config",
            """
            Port \(port)
            ListenAddress 127.0.0.1
            HostKey \(home.path("host"))
            HostKey \(home.path("rsa"))
            AuthorizedKeysFile \(home.path("authorized"))
            StrictModes no
            PermitRootLogin yes
            UsePAM no
            PidFile none

            """)
        if geteuid() == 0 {
            try? FileManager.default.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true)
        }
        let server = try ChildProcess(
            "/usr/sbin/sshd", ["-D", "-e", "-f", home.path("config")], environment: [:], directory: home.path)
        try await waitUntil("sshd listens") { server.stderr.contains("listening") || server.exitStatus != nil }
        try #require(server.exitStatus == nil, "\(server.stderr)")
        func plan(_ key: String, _ known: String, at path: String? = nil) async throws -> CommandResult {
            try home.write("known", known)
            let user = NSUserName()
            return try await WritBinary.run(
                [
                    "plan", "--repo", "ssh://\(user)@127.0.0.1:\(port)\(path ?? remote.path)", "--credentials",
                    "file:\(home.path(key))", "--known-hosts", home.path("known"),
                ], environment: ["HOME": home.path], in: home.path)
        }
        func line(_ name: String) throws -> String { "[127.0.0.1]:\(port) \(try home.read("\(name).pub"))" }
        let known = try await plan("ours", try line("host"))
        #expect(known.status == 0 && known.stdout.contains("ada"), "\(known)")
        let stranger = try await plan("theirs", try line("host"))
        #expect(stranger.status == 1 && stranger.stderr.contains("the key is not let in"), "\(stranger)")
        for hosts in ["", try line("theirs"), try line("host") + "@revoked * " + home.read("host.pub")] {
            let result = try await plan("ours", hosts)
            #expect(result.status == 1 && result.stderr.contains("known_hosts"), "\(result)")
        }
        let closed = try await plan("closed", try line("host"))
        #expect(closed.status == 1 && closed.stderr.contains("has a passphrase"), "\(closed)")
        let absent = try await plan("ours", try line("host"), at: "\(remote.path).none")
        #expect(absent.status == 1 && absent.stderr.contains("there is no repository at ssh://"), "\(absent)")
        // Known by a key that this version has no way to ask for.
        let other = try await plan("ours", try line("rsa"))
        #expect(other.status == 1 && other.stderr.contains("known_hosts wants its ed25519"), "\(other)")
        server.send(SIGTERM)
    }
}
