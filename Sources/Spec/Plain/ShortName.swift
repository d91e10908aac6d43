/// A name of at most 24 bytes as three numbers, so that comparing two is nothing.
struct ShortName: Sendable, Hashable {
    private var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
    private let count: Int

    /// Nil for a longer one.
    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count <= 24 else { return nil }
        count = bytes.count
        words.0 = Self.word(bytes, 0)
        if count > 8 { words.1 = Self.word(bytes, 8) }
        if count > 16 { words.2 = Self.word(bytes, 16) }
    }

    init?(_ text: String) {
        var text = text
        guard let name = text.withUTF8({ ShortName($0) }) else { return nil }
        self = name
    }

    private static func word(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> UInt64 {
        var word: UInt64 = 0
        for index in start..<min(bytes.count, start + 8) { word = word << 8 | UInt64(bytes[index]) }
        return word
    }

    @inline(__always)
    static func == (left: ShortName, right: ShortName) -> Bool {
        left.words.0 == right.words.0 && left.words.1 == right.words.1 && left.words.2 == right.words.2
            && left.count == right.count
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(count)
    }
}
