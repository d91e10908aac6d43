/// How random a word looks, by the sorts of its characters: a measure that is the same on every machine.
enum TextEntropy {
    /// For what follows a prefix that says what it is: letters and digits, and not the same few again and again.
    static func looksRandom(_ word: some Collection<UInt8>) -> Bool {
        let marks = Marks(word)
        return marks.digits > 0 && marks.letters > 0 && marks.distinct >= min(10, word.count / 2)
    }

    /// For a word alone, in a field that may hold anything: base64 or the like, of 32 characters or more. Names,
    /// paths, versions, hashes in hex and identifiers are none of it.
    static func isKeyLike(_ word: some Collection<UInt8>) -> Bool {
        let marks = Marks(word)
        return word.count >= 32 && marks.digits >= 3 && marks.upper >= 3 && marks.lower >= 3
            && marks.distinct >= 18 && marks.turns * 3 >= word.count
    }

    /// For a word in a field that is named after a secret: hex and shorter words too.
    static func isSecretLike(_ word: some Collection<UInt8>) -> Bool {
        let marks = Marks(word)
        return word.count >= 16 && marks.digits >= 3 && marks.letters >= 3 && marks.distinct >= 8
            && marks.turns * 4 >= word.count
    }

    /// Whether a text is worth a closer look: without a word of 16 characters it holds nothing secret, but for the lines
    /// around a private key.
    static func mayHoldSecret(_ text: String) -> Bool {
        var copy = text
        return copy.withUTF8(mayHoldSecret)
    }

    /// The same of its bytes.
    static func mayHoldSecret(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count >= 16 else { return false }
        var length = 0
        var dashes = 0
        for byte in bytes {
            dashes = byte == UInt8(ascii: "-") ? dashes + 1 : 0
            length = isInWord[Int(byte)] ? length + 1 : 0
            if length >= 16 || dashes >= 5 { return true }
        }
        return false
    }

    /// Letters, digits, and what joins them in tokens, keys and addresses.
    private static let isInWord: [Bool] = {
        let joining = Set("_-+=./:".utf8)
        return (UInt8.min...UInt8.max).map { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"):
                true
            default: joining.contains(byte)
            }
        }
    }()

    private struct Marks {
        var digits = 0
        var upper = 0
        var lower = 0
        var distinct = 0
        /// Neighbours of different sorts; in random base64 two of three, in words few.
        var turns = 0

        var letters: Int { upper + lower }

        init(_ word: some Collection<UInt8>) {
            var seen: (UInt64, UInt64) = (0, 0)
            var last = -1
            for byte in word {
                let sort: Int
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"):
                    digits += 1
                    sort = 0
                case UInt8(ascii: "A")...UInt8(ascii: "Z"):
                    upper += 1
                    sort = 1
                case UInt8(ascii: "a")...UInt8(ascii: "z"):
                    lower += 1
                    sort = 2
                default: sort = 3
                }
                if last >= 0, sort != last { turns += 1 }
                last = sort
                if byte < 64 { seen.0 |= 1 << UInt64(byte) } else { seen.1 |= 1 << UInt64(byte & 63) }
            }
            distinct = seen.0.nonzeroBitCount + seen.1.nonzeroBitCount
        }
    }
}
