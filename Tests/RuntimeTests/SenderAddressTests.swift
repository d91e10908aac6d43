import Runtime
import Testing

@Suite struct SenderAddressTests {
    @Test(arguments: [
        ("https://git.example.com/api/v3", "git.example.com", true),
        ("https://api.git.example.com", "git.example.com", true),
        ("http://127.0.0.1:9911", "github.com", true),
        ("http://127.0.0.1:9911", "gitlab.com", false),
        ("https://git.example.com/api/v3", "example.com", false),
    ])
    func `the token of one host is not for the API of another`(base: String, host: String, serves: Bool) {
        #expect(SenderAddress(base: base).serves(host) == serves)
    }

    @Test func `GitHub's own API is for GitHub alone`() {
        #expect(SenderAddress.gitHub.serves("github.com"))
        #expect(!SenderAddress.gitHub.serves("git.example.com"))
    }
}
