import Git
import Testing

struct RepositoryURLTests {
    @Test(arguments: [
        ("https://GitHub.com/acme/fleet.git/", "https://github.com/acme/fleet.git"),
        ("HTTPS://github.com:443/acme/fleet.git", "https://github.com/acme/fleet.git"),
        ("https://oauth2@gitlab.com/acme/fleet", "https://gitlab.com/acme/fleet"),
        ("https://git.example.com:8443/fleet", "https://git.example.com:8443/fleet"),
        ("https://[2001:db8::1]:8443/fleet", "https://[2001:db8::1]:8443/fleet"),
        ("ssh://github.com/acme/fleet", "ssh://git@github.com/acme/fleet"),
        ("ssh://ada@github.com:22/acme/fleet", "ssh://ada@github.com/acme/fleet"),
        ("git@github.com:acme/fleet.git", "git@github.com:acme/fleet.git"),
        ("github.com:acme/fleet.git", "git@github.com:acme/fleet.git"),
        ("file:///srv/fleet%20one.git/", "file:///srv/fleet%20one.git"),
        ("file://localhost/srv/fleet.git", "file:///srv/fleet.git"),
        ("http://localhost:8080/fleet.git", "http://localhost:8080/fleet.git"),
        ("http://127.0.0.1/fleet.git", "http://127.0.0.1/fleet.git"),
    ]) func `all spellings of one place are one text`(written: String, text: String) throws {
        #expect(try RepositoryURL(written).text == text)
    }

    @Test(arguments: [
        "git://github.com/acme/fleet", "ftp://example.com/fleet", "ext::sh -c x", "https://github.com",
        "https://github.com/", "https://", "https:///fleet", "https://example.com:0/fleet",
        "https://example.com:65536/fleet", "https://example.com:8o/fleet", "https://exa mple.com/fleet",
        "https://example.com/fleet\n", "https://example.com/fleet?x=1", "https://example.com/fleet#x",
        "https://-x/fleet", "http://git.example.com/fleet", "file://host/srv/fleet", "file://", "file:///a%00b",
        "file:///a%zz", "https://example.com/fl\u{202E}eet", "https://example.com/a\\b", "nothing",
    ]) func `what no repository is fetched from is refused`(text: String) {
        let error = #expect(throws: GitError.self) { try RepositoryURL(text) }
        #expect(error?.code == .badURL)
    }

    @Test(arguments: [
        "https://ada:hunter2@example.com/fleet", "https://hunter2-hunter2-hunter2-hunter2-hunter2@example.com/fleet",
        "ssh://ada:hunter2@example.com/fleet", "ada:hunter2@example.com:fleet", "file://ada:hunter2@/srv/fleet",
        "ftp://ada:hunter2@example.com/fleet", "https://ada:hunter2@example.com/fleet?x",
    ]) func `a password in a URL is refused and not repeated`(text: String) {
        let error = #expect(throws: GitError.self) { try RepositoryURL(text) }
        #expect(error?.code == .badURL)
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test(arguments: [
        "ssh://git@example.com/x';touch${IFS}y;'", "git@example.com:x`id`", "git@example.com:$(id)",
        "ssh://git@example.com/a|b", "ssh://git@example.com/a&b", "ssh://git@example.com/%27", "git@example.com:-x",
        "ssh://-oProxyCommand=x/fleet", "ssh://-l@example.com/fleet", "git@example.com:a\"b", "git@-x:fleet",
        "ssh://git@example.com/a*b", "ssh://git@example.com/a\\b",
    ]) func `a path over ssh that a shell would act on is refused (fault B58)`(text: String) {
        let error = #expect(throws: GitError.self) { try RepositoryURL(text) }
        #expect(error?.code == .badURL)
    }

    @Test func `a directory is named after the repository, and once for each`() throws {
        let names = try [
            "https://github.com/acme/fleet.git", "https://github.com/acme/other.git",
            "https://github.com/bcme/fleet.git",
            "git@github.com:acme/fleet.git", "file:///srv/fleet.git", "https://example.com/..",
        ].map { try RepositoryURL($0).directoryName }
        #expect(Set(names).count == names.count)
        #expect(names[0].hasPrefix("github.com-fleet-"))
        #expect(names[4].hasPrefix("file-fleet-"))
        #expect(names.allSatisfy { !$0.contains("/") && !$0.hasPrefix(".") })
        #expect(try RepositoryURL("https://GITHUB.com/acme/fleet.git/").directoryName == names[0])
    }
}
