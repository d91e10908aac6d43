import Foundation
import Git
import TestSupport
import Testing
import Values

/// Branches that move while they are read, and that nothing goes out while a plan is made.
@Suite("A branch that moves while it is read")
struct MovingBranchTests {
    private func user(_ name: String, _ number: Int) -> String {
        "apiVersion: writ/v1\nkind: User\nmetadata: {name: \(name)}\nspec: {displayName: Number \(number)}\n"
    }

    @Test("What is applied is one commit whole, however many come meanwhile (fault B57)")
    func isPushedTo() async throws {
        let fleet = try Fleet(["ada.yaml": user("ada", 0), "team/eve.yaml": user("eve", 0)])
        let pusher = Task.detached {
            var number = 0
            while !Task.isCancelled {
                number += 1
                try fleet.commit(["ada.yaml": user("ada", number), "team/eve.yaml": user("eve", number)])
            }
            return number
        }
        var last = -1
        for _ in 0..<12 {
            let result = try await fleet.writ("apply")
            #expect(result.status == 0, "\(result)")
            let names = (try await fleet.json("get", "users")["items"]?.array ?? []).compactMap {
                $0.value(atPath: "spec.displayName")?.string
            }
            #expect(names.count == 2 && Set(names).count == 1, "\(names)")
            let number = try #require(names.first.flatMap { Int($0.dropFirst("Number ".count)) })
            #expect(number >= last)
            last = number
        }
        pusher.cancel()
        #expect(try await pusher.value >= last)
    }

    private static let unshare = "/usr/bin/unshare"

    /// Whether this user may make a network of its own.
    private static let hasNamespaces: Bool = {
        guard FileManager.default.isExecutableFile(atPath: unshare) else { return false }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: unshare)
        process.arguments = ["--user", "--map-root-user", "--net", "/bin/true"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    @Test("A plan needs no network: it is the same where there is none (fault C72)", .enabled(if: hasNamespaces))
    func isAlone() async throws {
        var files = try Examples.files("quickstart")
        // What a run would ask, a plan must not.
        files["tools/page.yaml"] = """
            apiVersion: writ/v1
            kind: Tool
            metadata: {name: page}
            spec: {description: Gets a page., http: {url: "https://example.com/{{input.page}}"}}

            """
        let fleet = try Fleet(files)
        let arguments = ["plan", "-o", "json", "--at", "2026-01-31T09:00:00Z"]
        let open = try await fleet.writ(arguments)
        #expect(open.status == 0, "\(open)")
        let process = try ChildProcess(
            Self.unshare, ["--user", "--map-root-user", "--net", try #require(WritBinary.path)] + arguments,
            environment: ["PATH": "/usr/bin:/bin", "HOME": fleet.repository.path], directory: fleet.repository.path)
        #expect(try await process.wait() == 0, "\(process.stderr)")
        #expect(process.stdout == open.stdout)
    }
}
