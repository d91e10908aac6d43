import Testing
import Values

@Suite("A JSON text that is read where somebody asks")
struct JSONTextTests {
    private static let sound = [
        "null", " true ", "[1,2, 3]", "{}", "[]", "0", "-0", "-12.5e+3", #""""#, #"{"a":{"b":[1,{"c":null}]},"d":"x"}"#,
        #"{"a":1,"aa":2,"aaaaaaaa":3,"aaaaaaaaa":4,"aaaaaaaab":5,"baaaaaaaa":6}"#,
        #"{"text":"é\u00e9\ud83d\uDE00😀 \"\\\/\b\f\n\r\t","long":"0123456789abcdefghijklmnopqrstuvwxyz"}"#,
        #"{"é":1}"#, #"{"\u0061":1}"#, #"{"":{"":1}}"#, "1E2",
        #"{"action":"opened","repository":{"full_name":"a/b","topics":["x"]},"number":12345678901234567890}"#,
    ]

    private static let hostile = [
        "", "{", "[1,]", #"{"a":1,}"#, #"{"a":1,"a":2}"#, #"{"a":{"b":1,"b":2}}"#, #"{"a":1,"\u0061":2}"#, "01", "-",
        "1.",
        "1e400", "nul", #""\ud800""#, #""\udc00x""#, #""\u0000""#, "\"\u{1}\"", "1 2", "{\"a\" 1}", "[1 2]",
        "\u{FEFF}1",
        #""\x""#, #""\u12g4""#, "'a'", #"{"aaaaaaaab":1,"aaaaaaaab":2}"#,
    ]

    @Test func `takes and refuses what the reader does, whatever becomes of the text`() {
        var random = SystemRandomNumberGenerator()
        for text in Self.sound + Self.hostile {
            agree(Array(text.utf8))
            for _ in 0..<400 { agree(Self.changed(Array(text.utf8), using: &random)) }
        }
    }

    @Test func `refuses bytes that are no UTF-8, in a value and in a key`() {
        for bytes in [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF5, 0x80, 0x80, 0x80]] as [[UInt8]] {
            agree([0x22] + bytes + [0x22])
            agree(Array(#"{""#.utf8) + bytes + Array(#"":1}"#.utf8))
        }
    }

    @Test("Refuses depth over 64, and too many values and bytes, as the reader does (fault F114)")
    func limits() {
        agree(Array((String(repeating: "[", count: 64) + String(repeating: "]", count: 64)).utf8))
        agree(Array((String(repeating: "[", count: 65) + String(repeating: "]", count: 65)).utf8))
        let small = JSONLimits(depth: 3, bytes: 20, nodes: 4)
        for text in [
            "[1,2,3]", "[1,2,3,4]", "[[[1]]]", "[[[[]]]]", "[1,                 2]", "[1,                  2]",
        ] {
            agree(Array(text.utf8), small)
        }
    }

    @Test(arguments: [255, 256, 257, 2_000])
    func `takes objects with many keys, and finds the one that is there twice`(count: Int) {
        let members = (0..<count).map { #""key\#($0)":\#($0)"# }
        agree(Array("{\(members.joined(separator: ","))}".utf8))
        agree(Array(#"{\#(members.joined(separator: ",")),"key7":0}"#.utf8))
    }

    @Test(arguments: [
        "", "a", "a.b", "a.b.1.c", "a.b.1.c.d", "a.", ".a", "a..b", "d.x", "x", "list.0", "list.9", "0", ".",
        "deep.0.1",
        "é", "u",
    ])
    func `finds what stands at a path without reading the rest`(path: String) throws {
        let texts = [
            #"{"a":{"b":[1,{"c":null}],"":7},"d":"x","list":[1,2],"":{"a":3},"deep":[[1,2]],"u":"é"}"#, "[1,[2]]", "3",
            #"{"é":{"b":1},"a":{"b":[1,{"c":2}]}}"#, "{}",
        ]
        for text in texts {
            let value = try JSON(parsing: text)
            #expect(try JSONText(checking: Array(text.utf8)).value(atPath: path) == value.value(atPath: path))
            #expect(try JSONText(checking: Array(text.utf8))[path] == value[path])
            #expect(JSONText(value).value(atPath: path) == value.value(atPath: path))
        }
    }

    @Test func `keeps the bytes as they came`() throws {
        let bytes = Array(#" {"b" : 1.0, "a":[ ]} "#.utf8)
        let text = try JSONText(checking: bytes)
        #expect(text.bytes == bytes)
        #expect(text == JSONText(["a": [], "b": 1]))
        #expect(JSONText(["b": 1, "a": []]).bytes == Array(#"{"a":[],"b":1}"#.utf8))
    }

    private func agree(_ bytes: [UInt8], _ limits: JSONLimits = JSONLimits()) {
        let text = Result { try JSONText(checking: bytes, limits: limits).value }
        let value = Result { try JSON(parsing: bytes, limits: limits) }
        switch (text, value) {
        case (.success(let text), .success(let value)): #expect(text == value)
        case (.failure(let text), .failure(let value)): #expect("\(text)" == "\(value)")
        default: Issue.record("\(String(decoding: bytes, as: UTF8.self)): \(text), \(value)")
        }
    }

    /// With a few bytes that are others, gone, new or twice there.
    private static func changed(_ bytes: [UInt8], using random: inout SystemRandomNumberGenerator) -> [UInt8] {
        var bytes = bytes
        let alphabet = Array(#"{}[]",:\u0aé1-+.eE tfn/"#.utf8) + [0x00, 0x0A, 0x1F, 0x7F, 0xFF]
        for _ in 0...Int.random(in: 0...2, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            let byte = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            switch Int.random(in: 0...3, using: &random) {
            case 0 where place < bytes.count: bytes[place] = byte
            case 1 where place < bytes.count: bytes.remove(at: place)
            case 2 where place < bytes.count: bytes.insert(contentsOf: bytes[place...].prefix(4), at: place)
            default: bytes.insert(byte, at: place)
            }
        }
        return bytes
    }
}
