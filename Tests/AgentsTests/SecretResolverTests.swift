import Agents
import Spec
import TestSupport
import Testing

@Suite("Secrets")
struct SecretResolverTests {
    private func refusal(_ resolver: SecretResolver, _ source: SecretReference.Source) -> SecretError? {
        do throws(SecretError) {
            let secret = try resolver.resolve(SecretReference(source: source))
            Issue.record("found \(secret.count) characters")
            return nil
        } catch {
            return error
        }
    }

    private func environment(_ value: String?) -> SecretResolver {
        SecretResolver(environment: { $0 == "TOKEN" ? value : nil }, directory: nil)
    }

    @Test("come from the environment, without one newline at the end", arguments: ["", "\n", "\r\n"])
    func fromEnvironment(end: String) throws {
        let found = try environment("s3cret-value" + end).resolve(SecretReference(source: .environment("TOKEN")))
        #expect(found == "s3cret-value")
    }

    @Test("that are missing, empty or short are refused by their reference alone")
    func refused() {
        let missing = refusal(environment(nil), .environment("TOKEN"))
        #expect(missing?.code == .missing)
        #expect(missing?.message == "environment variable TOKEN is not set")
        #expect(refusal(environment("\n"), .environment("TOKEN"))?.code == .empty)
        let short = refusal(environment("hunter2"), .environment("TOKEN"))
        #expect(short?.code == .tooShort)
        #expect(short?.message.contains("hunter2") == false)
        #expect(refusal(environment(String(repeating: "x", count: 70_000)), .environment("TOKEN"))?.code == .tooLarge)
    }

    @Test("come from files below the secrets directory")
    func fromFile() throws {
        let directory = try TemporaryDirectory()
        try directory.write("github/token", "s3cret-value\n\n")
        let resolver = SecretResolver(environment: { _ in nil }, directory: directory.path)
        #expect(try resolver.resolve(SecretReference(source: .file("github/token"))) == "s3cret-value\n")
    }

    @Test("are never read from outside the directory, through links, or from what is no file")
    func outside() throws {
        let directory = try TemporaryDirectory()
        try directory.write("outside", "s3cret-value")
        try directory.write("secrets/inside", "s3cret-value")
        try directory.link("secrets/link", to: "inside")
        try directory.link("secrets/up", to: "..")
        try directory.makeDirectory("secrets/directory")
        let resolver = SecretResolver(environment: { _ in nil }, directory: directory.path("secrets"))
        for path in ["../outside", "link", "up/outside", "directory", directory.path("outside"), "./inside", ""] {
            #expect(refusal(resolver, .file(path))?.code == .unreadable, "\(path)")
        }
        #expect(refusal(resolver, .file("none"))?.code == .missing)
        #expect(refusal(resolver, .file("inside/none"))?.code == .unreadable)
    }

    @Test("in a file that is too large or no text are refused")
    func badContent() throws {
        let directory = try TemporaryDirectory()
        try directory.write("large", String(repeating: "x", count: (64 << 10) + 1))
        try directory.write("largest", String(repeating: "x", count: 64 << 10))
        try directory.write("binary", [0xFF, 0xFE, 1, 2, 3, 4, 5, 6, 7, 8])
        try directory.write("nul", [0x61, 0x62, 0x63, 0x64, 0, 0x65, 0x66, 0x67, 0x68])
        let resolver = SecretResolver(environment: { _ in nil }, directory: directory.path)
        #expect(refusal(resolver, .file("large"))?.code == .tooLarge)
        #expect(try resolver.resolve(SecretReference(source: .file("largest"))).utf8.count == 64 << 10)
        #expect(refusal(resolver, .file("binary"))?.code == .notText)
        #expect(refusal(resolver, .file("nul"))?.code == .notText)
    }

    @Test("in files need a directory that the operator named")
    func noDirectory() {
        let error = refusal(environment(nil), .file("token"))
        #expect(error?.code == .noDirectory)
        #expect(error?.message.contains("--secrets-dir") == true)
    }
}
