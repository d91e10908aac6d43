import Testing

@testable import Outbound

@Suite("Outbound URLs")
struct OutboundURLTests {
    @Test(
        "are brought into one spelling",
        arguments: [
            ("https://example.com", "https://example.com/"),
            ("HTTPS://Example.COM:443/A", "https://example.com/A"),
            ("http://example.com.:80/?q", "http://example.com/?q"),
            ("http://example.com:8080?a=b#part", "http://example.com:8080/?a=b"),
            ("http://[2001:DB8:0::1]:81/x", "http://[2001:db8::1]:81/x"),
            ("https://a_b.example/sp ace/ü/%2F%zz|[x]", "https://a_b.example/sp%20ace/%C3%BC/%2F%25zz%7C%5Bx%5D"),
            ("https://example.com/a\\b@c", "https://example.com/a%5Cb@c"),
            ("http://2130706433/", "http://2130706433/"),
        ])
    func spelling(text: String, wanted: String) throws {
        #expect(try OutboundURL(text).text == wanted)
    }

    @Test(
        "are refused when they are odd",
        arguments: [
            "", "example.com", "//example.com", "ftp://example.com", "file:///etc/passwd", "https:/example.com",
            "https://",
            "https:///path", "https://user@example.com", "https://user:key@example.com", "https://example.com:0",
            "https://example.com:65536", "https://example.com:8x", "https://exa mple.com", "https://exämple.com",
            "https://%31%32%37.0.0.1", "https://a..b", "https://[::1", "https://[::1%25lo]/", "https://[127.0.0.1]",
            "https://example.com\\@127.0.0.1/", "https://[::1]x",
            "https://" + String(repeating: "a", count: 64) + ".com",
            "https://example.com/a\r\nX: y", "https://example.com/\u{0}", "https://example.com/\n",
            "https://example.com/" + String(repeating: "a", count: 17_000),
        ])
    func refused(text: String) {
        #expect { try OutboundURL(text) } throws: { ($0 as? OutboundError)?.code == .badURL }
    }

    @Test(
        "resolve references as RFC 3986 section 5.4 says",
        arguments: [
            ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"),
            ("//g", "http://g/"), ("?y", "http://a/b/c/d?y"), ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d?q"),
            ("g#s", "http://a/b/c/g"), ("", "http://a/b/c/d?q"), (".", "http://a/b/c/"), ("..", "http://a/b/"),
            ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../g", "http://a/g"),
            ("../../../../g", "http://a/g"),
            ("/./g", "http://a/g"), ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."), ("..g", "http://a/b/c/..g"),
            ("./g/.", "http://a/b/c/g/"), ("g/../h", "http://a/b/c/h"), ("g?y/../x", "http://a/b/c/g?y/../x"),
            ("https://Other/x", "https://other/x"), ("g;x=1/../y", "http://a/b/c/y"),
        ])
    func references(reference: String, wanted: String) throws {
        let base = try OutboundURL("http://a/b/c/d?q")
        #expect(try base.resolving(reference).text == wanted)
    }

    @Test(
        "resolve no reference to another scheme or to a user",
        arguments: ["file:///etc/passwd", "//u@h/", "data:,x", "\r\n"])
    func refusedReferences(reference: String) throws {
        let base = try OutboundURL("http://a/")
        #expect { try base.resolving(reference) } throws: { ($0 as? OutboundError)?.code == .badURL }
    }
}
