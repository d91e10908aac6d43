import Testing
import Values

@Suite("JSON pointers")
struct JSONPointerTests {
    /// RFC 6901, section 5.
    @Test(
        arguments: [
            ("/foo", ["bar", "baz"]), ("/foo/0", "bar"), ("/", 0), ("/a~1b", 1), ("/c%d", 2), ("/e^f", 3), ("/g|h", 4),
            ("/i\\j", 5), ("/k\"l", 6), ("/ ", 7), ("/m~0n", 8),
        ] as [(String, JSON)])
    func `leads where the RFC says`(_ text: String, _ value: JSON) throws {
        let document: JSON = [
            "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7,
            "m~n": 8,
        ]
        let pointer = try #require(JSONPointer(text))
        #expect(document.value(at: pointer) == value)
        #expect(pointer.text == text)
    }

    @Test(arguments: ["a", "a/b", "/~", "/~2", "/a~"])
    func `what is no pointer is refused`(_ text: String) {
        #expect(JSONPointer(text) == nil)
    }

    @Test(arguments: ["/2", "/00", "/-1", "/-", "/x", "/0/a", "/99999999999999999999"])
    func `a place that is not there is nothing`(_ text: String) throws {
        #expect((["a", "b"] as JSON).value(at: try #require(JSONPointer(text))) == nil)
    }

    @Test func `the empty pointer is the value itself`() throws {
        let pointer = try #require(JSONPointer(""))
        #expect((1 as JSON).value(at: pointer) == 1)
        #expect(pointer == JSONPointer())
    }

    @Test func `order is parents first, places by number, names by bytes`() {
        let texts = ["", "/a", "/a/2", "/a/10", "/a/x", "/b"]
        let pointers = texts.compactMap { JSONPointer($0) }
        #expect(pointers.reversed().sorted().map(\.text) == texts)
    }
}
