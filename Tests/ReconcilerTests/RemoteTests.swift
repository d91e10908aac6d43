import Foundation
import Git
import HTTPTestSupport
import TestSupport
import Testing
import Values

/// Configuration repositories behind URLs: on this machine, so that the tests need no network and no git.
@Suite("Repositories behind a URL", .timeLimit(.minutes(5)))
struct RemoteTests {
    /// Somebody with a home of their own, far from the repository.
    private struct Desk {
        let home: TemporaryDirectory
        var environment: [String: String] = [:]

        init() throws {
            home = try TemporaryDirectory()
            environment["HOME"] = home.path
        }

        func writ(_ arguments: String...) async throws -> CommandResult {
            try await WritBinary.run(arguments, environment: environment, in: home.path)
        }

        /// Every file below the home, by path.
        func files() throws -> [String: [UInt8]] {
            let names = FileManager.default.enumerator(atPath: home.path)?.compactMap { $0 as? String } ?? []
            var files: [String: [UInt8]] = [:]
            for name in names {
                var isDirectory: ObjCBool = false
                guard FileManager.default.fileExists(atPath: home.path(name), isDirectory: &isDirectory),
                    !isDirectory.boolValue
                else { continue }
                files[name] = Array(FileManager.default.contents(atPath: home.path(name)) ?? Data())
            }
            return files
        }
    }

    private let user = "apiVersion: writ/v1\nkind: User\nmetadata: {name: %}\nspec: {displayName: Somebody}\n"

    private func users(_ names: String...) -> [String: String] {
        Dictionary(uniqueKeysWithValues: names.map { ("\($0).yaml", user.replacing("%", with: $0)) })
    }

    private func remote(_ names: String...) throws -> TestRepository {
        let repository = try TestRepository()
        for name in names { try repository.commit(["\(name).yaml": user.replacing("%", with: name)], "Add \(name)") }
        return repository
    }

    @Test("Every command that takes a repository takes its URL")
    func isUsed() async throws {
        let repository = try remote("ada", "eve")
        try await HTTPTestServer.answering(GitService(repository).answer).run { server in
            let desk = try Desk()
            let url = "http://127.0.0.1:\(server.port)/fleet.git"
            let valid = try await desk.writ("validate", "--repo", url)
            #expect(valid.status == 0, "\(valid)")
            #expect(valid.stderr.contains("2 resources in 2 files are valid"), "\(valid)")
            let before = try await desk.writ("validate", "--repo", url, "--rev", "main~1")
            #expect(before.stderr.contains("1 resource in 1 file is valid"), "\(before)")
            let plan = try await desk.writ("plan", "--repo", url)
            #expect(plan.status == 0 && plan.stdout.contains("eve"), "\(plan)")
            let diff = try await desk.writ("diff", "main~1..main", "--repo", url)
            #expect(diff.status == 0 && diff.stdout.contains("eve") && !diff.stdout.contains("ada"), "\(diff)")
            let apply = try await desk.writ("apply", "--repo", url)
            #expect(apply.status == 0 && apply.stdout.contains("as revision 1"), "\(apply)")

            try repository.commit(["bob.yaml": user.replacing("%", with: "bob")])
            let next = try await desk.writ("apply", "--repo", url + "/")
            #expect(next.status == 0 && next.stdout.contains("as revision 2"), "\(next)")
            let status = try await desk.writ("status", "--repo", url)
            #expect(status.stdout.contains("Revision    2 "), "\(status)")
            let users = try await desk.writ("get", "users", "--repo", url)
            #expect(users.stdout.contains("bob"), "\(users)")
            let states = try desk.files().keys.filter { $0.hasSuffix("state.db") }
            #expect(states.count == 1 && states[0].hasPrefix(".local/state/writ/127.0.0.1-fleet-"), "\(states)")
            let heads = try desk.files().keys.filter { $0.hasSuffix("repository.git/HEAD") }
            #expect(heads.count == 1 && heads[0].hasPrefix(".cache/writ/127.0.0.1-fleet-"), "\(heads)")
        }
    }

    @Test("A repository that cannot be reached is an error, and what is recorded of it is still shown")
    func isGone() async throws {
        let desk = try Desk()
        let repository = try remote("ada", "eve")
        let url = "file://" + repository.path
        let apply = try await desk.writ("apply", "--repo", url)
        #expect(apply.status == 0, "\(apply)")
        try repository.directory.remove(".git")
        let plan = try await desk.writ("plan", "--repo", url)
        #expect(plan.status == 1, "\(plan)")
        #expect(plan.stderr.contains("no git repository"), "\(plan)")
        #expect(plan.stdout.isEmpty)
        let users = try await desk.writ("get", "users", "--repo", url)
        #expect(users.stdout.contains("eve"), "\(users)")
    }

    @Test("A remote whose branch is gone, or that has none any more, deletes nothing (fault B55)")
    func isEmptied() async throws {
        let desk = try Desk()
        let repository = try remote("ada", "eve")
        let url = "file://" + repository.path
        #expect(try await desk.writ("apply", "--repo", url).status == 0)
        let head = try repository.repository.resolve("HEAD")
        try repository.branch("other", at: head)
        for branch in ["main", "other"] {
            try repository.directory.remove(".git/refs/heads/\(branch)")
            let apply = try await desk.writ("apply", "--repo", url)
            #expect(apply.status == 1, "\(apply)")
            #expect(apply.stderr.contains("no commit yet"), "\(apply)")
        }
        #expect(try await desk.writ("get", "users", "--repo", url).stdout.contains("eve"))
    }

    @Test("A token lets in, and is in no file, output or error")
    func isLetIn() async throws {
        let token = "s3cret-canary-77d1"
        let repository = try remote("ada")
        let service = GitService(repository, token: token)
        try await HTTPTestServer.answering(service.answer).run { server in
            var desk = try Desk()
            let url = "http://127.0.0.1:\(server.port)/fleet.git"
            let without = try await desk.writ("plan", "--repo", url)
            #expect(without.status == 1 && without.stderr.contains("--credentials"), "\(without)")
            desk.environment["FLEET_TOKEN"] = token
            let plan = try await desk.writ("apply", "--repo", url, "--credentials", "env:FLEET_TOKEN")
            #expect(plan.status == 0, "\(plan)")
            try desk.home.write("token", token + "\n")
            desk.environment["WRIT_CREDENTIALS"] = "file:\(desk.home.path("token"))"
            #expect(try await desk.writ("plan", "--repo", url).status == 0)
            try desk.home.remove("token")
            desk.environment["FLEET_TOKEN"] = "another-canary-77d1"
            let wrong = try await desk.writ("plan", "--repo", url, "--credentials", "env:FLEET_TOKEN")
            #expect(wrong.status == 1 && wrong.stderr.contains("not let in"), "\(wrong)")
            for text in [without, plan, wrong].map(\.description) { #expect(!text.contains("canary")) }
            let base64 = Data("x-access-token:\(token)".utf8).base64EncodedString()
            for (path, bytes) in try desk.files() {
                let text = String(decoding: bytes, as: UTF8.self)
                #expect(!text.contains("canary") && !text.contains(base64), "\(path)")
            }
        }
    }

    @Test("Credentials that are not there, or none, are told by their place")
    func hasNoCredentials() async throws {
        let desk = try Desk()
        let url = "http://127.0.0.1:9/fleet.git"
        for (place, said) in [
            ("env:NOT_SET", "NOT_SET is not set"), ("file:/none", "/none cannot be read"),
            ("hunter2hunter2", "credentials"),
        ] {
            let result = try await desk.writ("plan", "--repo", url, "--credentials", place)
            #expect(result.status == 1 && result.stderr.contains(said), "\(result)")
        }
        for url in ["https://ada:hunter2@127.0.0.1:9/x", "ada:hunter2@127.0.0.1:x"] {
            for command in ["plan", "apply", "validate", "status", "serve"] {
                let result = try await desk.writ(command, "--repo", url)
                #expect(result.status == 1, "\(result)")
                #expect(!result.description.replacing(url, with: "").contains("hunter2"), "\(result)")
            }
        }
    }

    @Test(
        "A redirect to another host gets no credentials; one on the same host, and one without any, is followed (fault B58)"
    )
    func isRedirected() async throws {
        let repository = try remote("ada")
        let token = "s3cret-canary-77d1"
        let service = GitService(repository)
        let guarded = GitService(repository, token: token)
        let elsewhere = try await HTTPTestServer.start(service.answer)
        let refs = "/fleet.git/info/refs?service=git-upload-pack"
        // Another host by its name, though the same machine.
        let away = "http://localhost:\(elsewhere.port)\(refs)"
        let front = try await HTTPTestServer.start { request in
            switch request.target {
            case "/away/info/refs?service=git-upload-pack": .redirect(to: away)
            // First it wants to know who asks, then it sends them away (CVE-2026-53586).
            case "/trap/info/refs?service=git-upload-pack":
                request.values("authorization").isEmpty
                    ? HTTPTestReply(401, headers: [("www-authenticate", #"Basic realm="git""#)]) : .redirect(to: away)
            case "/near/info/refs?service=git-upload-pack": .redirect(301, to: refs)
            default: guarded.answer(request)
            }
        }
        var desk = try Desk()
        desk.environment["TOKEN"] = token
        let url = "http://127.0.0.1:\(front.port)"
        for path in ["away", "trap"] {
            let result = try await desk.writ("plan", "--repo", "\(url)/\(path)", "--credentials", "env:TOKEN")
            #expect(result.status == 1 && result.stderr.contains("another host"), "\(result)")
        }
        #expect(elsewhere.requests.isEmpty)
        // The token is shown at once: the text of a refusal is what libgit2 takes for the next answer.
        #expect(front.requests.allSatisfy { $0.values("authorization").count == 1 })
        let near = try await desk.writ("plan", "--repo", "\(url)/near", "--credentials", "env:TOKEN")
        #expect(near.status == 0, "\(near)")
        let open = try await desk.writ("plan", "--repo", "\(url)/away")
        #expect(open.status == 0, "\(open)")
        #expect(elsewhere.requests.allSatisfy { $0.values("authorization").isEmpty })
        try await front.stop()
        try await elsewhere.stop()
    }

    @Test("A server that says nothing, nonsense or too much is given up")
    func isBad() async throws {
        let server = try await HTTPTestServer.start { request in
            let type = "content-type: application/x-git-upload-pack-advertisement"
            return switch request.target.split(separator: "/").first {
            case "silent": HTTPTestReply(raw: "", after: .stall)
            case "page": HTTPTestReply(200, "<html>Not git</html>")
            case "cut":
                HTTPTestReply(raw: "HTTP/1.1 200 OK\r\n\(type)\r\ncontent-length: 99\r\n\r\n001e# ser", after: .close)
            case "endless":
                HTTPTestReply(
                    raw: "HTTP/1.1 200 OK\r\n\(type)\r\n\r\n001e# service=git-upload-pack\n0000",
                    after: .repeating(Array("003f\(String(repeating: "1", count: 40)) refs/heads/main-0000000\n".utf8)))
            default: HTTPTestReply(500, "broken")
            }
        }
        var desk = try Desk()
        desk.environment["WRIT_FETCH_TIMEOUT"] = "3s"
        for path in ["silent", "page", "cut", "endless", "other"] {
            let result = try await desk.writ("plan", "--repo", "http://127.0.0.1:\(server.port)/\(path)")
            #expect(result.status == 1 && result.stderr.hasPrefix("writ: error: "), "\(path): \(result)")
        }
        let nobody = try await desk.writ("plan", "--repo", "http://127.0.0.1:1/fleet.git")
        #expect(nobody.status == 1 && nobody.stderr.contains("cannot be fetched"), "\(nobody)")
        try await server.stop()
    }

    @Test("Many at once fetch into one cache, and what a killed one left is no hindrance")
    func isShared() async throws {
        let repository = try remote("ada", "eve")
        let desk = try Desk()
        let url = "file://" + repository.path
        try await withThrowingTaskGroup(of: CommandResult.self) { group in
            for _ in 0..<6 { group.addTask { try await desk.writ("plan", "--repo", url) } }
            for try await result in group { #expect(result.status == 0, "\(result)") }
        }
        let head = try #require(try desk.files().keys.first { $0.hasSuffix("repository.git/HEAD") })
        let cache = String(head.dropLast("/HEAD".count))
        try desk.home.write("\(cache)/objects/pack/pack_git2_x1", "cut")
        try desk.home.write("\(cache)/refs/heads/main.lock", "")
        try desk.home.write("\(cache)/HEAD.lock", "")
        try repository.commit(["bob.yaml": user.replacing("%", with: "bob")])
        let plan = try await desk.writ("plan", "--repo", url)
        #expect(plan.status == 0 && plan.stdout.contains("bob"), "\(plan)")
        #expect(!desk.home.exists("\(cache)/objects/pack/pack_git2_x1"))
        // A cache that is no repository any more is made anew.
        try desk.home.write("\(cache)/config", "[core]\n\trepositoryformatversion = 9\n")
        let again = try await desk.writ("plan", "--repo", url)
        #expect(again.status == 0 && again.stdout.contains("bob"), "\(again)")
        // Nor does it matter what of it is gone.
        for lost in ["objects", "HEAD"] {
            try desk.home.remove("\(cache)/\(lost)")
            if lost == "objects" { try desk.home.makeDirectory("\(cache)/objects/pack") }
            if lost == "HEAD" { try desk.home.write("\(cache)/HEAD", "") }
            let anew = try await desk.writ("plan", "--repo", url)
            #expect(anew.status == 0 && anew.stdout.contains("bob"), "\(lost): \(anew)")
        }
    }

    @Test("`serve` follows a URL, keeps what is applied through an outage, and makes a damaged cache anew")
    func isFollowed() async throws {
        let fleet = try Fleet(try Examples.files("quickstart"))
        let home = try TemporaryDirectory()
        var served = fleet
        served.environment["HOME"] = home.path
        let url = "file://" + fleet.repository.path
        let serve = try await served.serve("--interval", "1s", "--repo", url)
        try await serve.logged("applied a revision")
        try fleet.edit("prompts/greeter.md", "one friendly sentence", "two sentences")
        try await serve.logged("applied a revision", count: 2)

        try FileManager.default.moveItem(atPath: fleet.repository.directory.path(".git"), toPath: home.path("away"))
        try await serve.logged("the repository cannot be read, the last good revision stays")
        let status = try await serve.json("/api/v1/status")
        #expect(status.value(atPath: "revision.number")?.int == 2)
        #expect(status.value(atPath: "lastReconcile.outcome")?.string == "unreadable")
        try FileManager.default.moveItem(atPath: home.path("away"), toPath: fleet.repository.directory.path(".git"))

        // A power cut took what was fetched.
        let caches = try FileManager.default.contentsOfDirectory(atPath: home.path(".cache/writ"))
        let packs = ".cache/writ/\(try #require(caches.first))/repository.git/objects/pack"
        for name in try FileManager.default.contentsOfDirectory(atPath: home.path(packs)) {
            try home.remove("\(packs)/\(name)")
            try home.write("\(packs)/\(name)", "")
        }
        try fleet.edit("prompts/greeter.md", "two sentences", "three sentences")
        try await serve.logged("applied a revision", count: 3)
        #expect(try await serve.terminate() == 0)
    }
}
