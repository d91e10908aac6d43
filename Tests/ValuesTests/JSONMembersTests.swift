import TestSupport
import Testing
import Values

@Suite("The members of a JSON object")
struct JSONMembersTests {
    @Test func `are kept in order of their keys' bytes, and of one key the first stays`() {
        let pairs: [(String, JSON)] = [("b", 1), ("é", 2), ("a", 3), ("Z", 4), ("b", 5), ("", 6), ("aa", 7)]
        let members = JSONMembers(pairs)
        #expect(Array(members.keys) == ["", "Z", "a", "aa", "b", "é"])
        #expect(members["b"] == 1)
        var built = JSONMembers()
        for (key, value) in pairs where built[key] == nil { built[key] = value }
        #expect(built == members)
        #expect(built.hashValue == members.hashValue)
        #expect(JSONMembers(pairs.reversed()) != members, "of `b` the other value stays")
    }

    @Test func `are found, changed and taken away by exactly their key`() {
        var random = SeededRandom(11)
        var members = JSONMembers()
        var model: [[UInt8]: JSON] = [:]
        for step in 0..<5_000 {
            let letters = ["a", "b", "e\u{301}", "\u{E9}", "z", "k"]
            let key = (0..<Int.random(in: 0...3, using: &random)).map { _ in letters.randomElement(using: &random) ?? ""
            }
            .joined()
            switch Int.random(in: 0..<3, using: &random) {
            case 0:
                members[key] = nil
                model[Array(key.utf8)] = nil
            default:
                members[key] = JSON(integerLiteral: step)
                model[Array(key.utf8)] = JSON(integerLiteral: step)
            }
            #expect(members[key] == model[Array(key.utf8)])
        }
        #expect(members.count == model.count)
        let sorted = model.keys.sorted { $0.lexicographicallyPrecedes($1) }
        #expect(members.keys.map { Array($0.utf8) } == sorted)
        for (key, value) in members { #expect(model[Array(key.utf8)] == value) }
    }

    @Test func `of a literal that says a key twice, the last one stays`() {
        let members: JSONMembers = ["a": 1, "b": 2, "a": 3]
        #expect(members["a"] == 3)
        #expect(members.count == 2)
    }
}
