import Git
import TestSupport
import Testing

struct TrailerTests {
    private func trailers(_ message: String) throws -> [String] {
        let test = try TestRepository()
        return try test.repository.commit(try test.commit(["a": "1"], message)).trailers("Writ-Allow-Deletes")
    }

    @Test(arguments: [
        ("Delete\n\nWrit-Allow-Deletes: 8\n", ["8"]),
        ("Delete\n\nSome words.\n\nSigned-off-by: Ada\nwrit-allow-deletes:  8  \n\n", ["8"]),
        ("Delete\r\n\r\nWrit-Allow-Deletes: 8\r\n", ["8"]),
        ("Delete\n\nWrit-Allow-Deletes: 8\nWrit-Allow-Deletes: 9", ["8", "9"]),
        ("Writ-Allow-Deletes: 8", ["8"]),
        ("\n\nWrit-Allow-Deletes: 8\n", ["8"]),
        ("Delete\nWrit-Allow-Deletes: 8", []),
        ("Writ-Allow-Deletes: 8\n\nMore words.", []),
        ("Delete\n\nWrit-Allow-Deletes: 8\n\nMore words.", []),
        ("Delete\n\nWrit-Allow-Deletes 8", []),
        ("Delete", []),
    ]) func `trailers stand in the last paragraph, which is not the first, or alone`(message: String, values: [String])
        throws
    {
        #expect(try trailers(message) == values)
    }
}
