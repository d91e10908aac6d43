/// Well-known shapes of keys and tokens, recognised without a network or a pattern engine. A placeholder such as
/// `ghp_xxxxxxxx…` or `sk-your-key-here` is none: what follows the prefix must look random.
enum TokenShape {
    /// A prefix that a service gives its tokens, how many characters follow at least, and whose they are.
    private struct Prefix {
        let text: String
        let rest: Int
        let owner: String

        init(_ text: String, _ rest: Int, _ owner: String) {
            self.text = text
            self.rest = rest
            self.owner = owner
        }
    }

    private static let prefixes = [
        Prefix("ghp_", 36, "a token of GitHub"), Prefix("gho_", 36, "a token of GitHub"),
        Prefix("ghu_", 36, "a token of GitHub"), Prefix("ghs_", 36, "a token of GitHub"),
        Prefix("ghr_", 36, "a token of GitHub"), Prefix("github_pat_", 30, "a token of GitHub"),
        Prefix("glpat-", 20, "a token of GitLab"), Prefix("sk-ant-", 32, "a key of Anthropic"),
        Prefix("sk-", 32, "a key of OpenAI"), Prefix("sk_live_", 16, "a key of Stripe"),
        Prefix("rk_live_", 16, "a key of Stripe"), Prefix("xoxb-", 20, "a token of Slack"),
        Prefix("xoxp-", 20, "a token of Slack"), Prefix("xoxa-", 20, "a token of Slack"),
        Prefix("xoxs-", 20, "a token of Slack"), Prefix("xapp-", 20, "a token of Slack"),
        Prefix("whsec_", 24, "a signing secret"), Prefix("AKIA", 16, "a key of AWS"),
        Prefix("ASIA", 16, "a key of AWS"),
        Prefix("AIza", 35, "a key of Google"), Prefix("hf_", 30, "a token of Hugging Face"),
        Prefix("npm_", 36, "a token of npm"), Prefix("pypi-", 40, "a token of PyPI"),
        Prefix("AGE-SECRET-KEY-1", 40, "a key of age"),
    ]

    /// What the text holds, in words; never the token itself.
    static func found(in text: String) -> String? { first(in: Array(text.utf8)[...])?.what }

    /// Whether a closer look can find something: in a run of one word only a prefix, in others more.
    static func mayStand(in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var start = 0
        while start < bytes.count {
            guard isWide(bytes[start]) else {
                start += 1
                continue
            }
            var isOneWord = true
            var end = start
            while end < bytes.count, isWide(bytes[end]) {
                if !isNarrow(bytes[end]) { isOneWord = false }
                end += 1
            }
            let isLong = end - start >= 20
            if isLong, !isOneWord || openings.contains(where: { $0 == bytes[start] && $1 == bytes[start + 1] }) {
                return true
            }
            // Of the lines around a private key.
            if bytes[start..<end].starts(with: "KEY-".utf8) { return true }
            start = end
        }
        return false
    }

    /// The first two bytes of each prefix.
    private static let openings: [(UInt8, UInt8)] = prefixes.compactMap { prefix in
        let bytes = Array(prefix.text.utf8.prefix(2))
        return bytes.count == 2 ? (bytes[0], bytes[1]) : nil
    }

    /// The text with words in the place of what looks like a token, for messages that repeat what somebody wrote.
    static func masked(_ text: String) -> String {
        guard TextEntropy.mayHoldSecret(text) else { return text }
        var rest = Array(text.utf8)[...]
        var shown: [UInt8] = []
        while let (what, range) = first(in: rest) {
            shown += rest[..<range.lowerBound]
            shown += "(\(what))".utf8
            rest = rest[range.upperBound...]
        }
        return shown.isEmpty ? text : String(decoding: shown + rest, as: UTF8.self)
    }

    /// The first that is found, and where; of a private key, everything from there on.
    private static func first(in bytes: ArraySlice<UInt8>) -> (what: String, range: Range<Int>)? {
        guard bytes.count >= 20 else { return nil }
        var start = bytes.startIndex
        var before: ArraySlice<UInt8> = []
        while start < bytes.endIndex {
            guard isWide(bytes[start]) else {
                start += 1
                continue
            }
            var end = start
            while end < bytes.endIndex, isWide(bytes[end]) { end += 1 }
            let run = bytes[start..<end]
            if run.first == UInt8(ascii: "K"), before.elementsEqual("PRIVATE".utf8), run.starts(with: "KEY-----".utf8) {
                return ("a private key", start..<bytes.endIndex)
            }
            if run.count >= 20, let owner = owner(of: run) { return (owner, start..<end) }
            before = run
            start = end
        }
        return nil
    }

    /// Letters, digits and what joins them in tokens and addresses.
    private static func isWide(_ byte: UInt8) -> Bool {
        isNarrow(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ":")
            || byte == UInt8(ascii: "+")
    }

    private static func isNarrow(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static func owner(of run: ArraySlice<UInt8>) -> String? {
        // Most are one word.
        guard !run.allSatisfy(isNarrow) else { return owner(ofWord: run) }
        let words = run.split { !isNarrow($0) }
        for word in words where word.count >= 20 {
            if let owner = owner(ofWord: word) { return owner }
        }
        return joined(words, run)
    }

    /// A prefix counts at the word's start only.
    private static func owner(ofWord word: ArraySlice<UInt8>) -> String? {
        guard let first = word.first, beginnings.contains(first) else { return nil }
        for prefix in prefixes where word.count >= prefix.text.utf8.count + prefix.rest {
            if word.starts(with: prefix.text.utf8), TextEntropy.looksRandom(word.dropFirst(prefix.text.utf8.count)) {
                return prefix.owner
            }
        }
        return nil
    }

    private static let beginnings = Array(Set(prefixes.compactMap(\.text.utf8.first)))

    /// Secrets of several words: JSON Web Tokens, bots of Telegram, incoming webhooks of Slack and Discord.
    private static func joined(_ words: [ArraySlice<UInt8>], _ run: ArraySlice<UInt8>) -> String? {
        let isSignedJSON = { (word: ArraySlice<UInt8>) in word.starts(with: "eyJ".utf8) && word.count >= 16 }
        for index in words.indices.dropLast(2)
        where isSignedJSON(words[index]) && isSignedJSON(words[index + 1]) && words[index + 2].count >= 20 {
            return "a JSON Web Token"
        }
        for index in words.indices.dropLast() {
            let isBot = (8...10).contains(words[index].count) && words[index].allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
            if isBot, words[index + 1].count == 35, run[words[index].endIndex] == UInt8(ascii: ":"),
                TextEntropy.looksRandom(words[index + 1])
            {
                return "a token of Telegram"
            }
        }
        guard let last = words.last, last.count >= 20, TextEntropy.looksRandom(last) else { return nil }
        if words.contains(where: { $0.elementsEqual("services".utf8) }),
            words.contains(where: { $0.elementsEqual("hooks".utf8) }),
            words.contains(where: { $0.elementsEqual("slack".utf8) })
        {
            return "an incoming webhook of Slack"
        }
        if words.contains(where: { $0.elementsEqual("webhooks".utf8) }),
            words.contains(where: { $0.elementsEqual("discord".utf8) || $0.elementsEqual("discordapp".utf8) })
        {
            return "a webhook of Discord"
        }
        return nil
    }
}
