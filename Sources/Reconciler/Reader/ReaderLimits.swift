import Values

/// Bounds on the process that reads a repository. The operator may move them, the repository never.
struct ReaderLimits: Sendable, Hashable {
    /// Bytes of address space beyond what the process has when it starts.
    var memory = 1 << 30
    /// How long one object or reference may take: libgit2 spins for ever on a cut object (fault B33).
    var stall = Duration.seconds(8)
    /// How long one answer may take, and how much processor time all of them.
    var time = Duration.seconds(300)
    /// Bytes of one answer.
    var answer = 512 << 20

    /// The longest line of an answer: one manifest with the files that it includes.
    static let line = 128 << 20
    /// Changed paths between two commits beyond which everything is read.
    static let changes = 5_000
    /// Of a question.
    static let request = 1 << 20

    /// As the environment says.
    static func chosen() throws -> ReaderLimits {
        var limits = ReaderLimits()
        if let text = Environment["WRIT_READ_MEMORY"] {
            guard let mebibytes = Int(text), (64...(1 << 20)).contains(mebibytes) else {
                throw CommandFailure("WRIT_READ_MEMORY is \(text); write mebibytes, from 64 to 1048576")
            }
            limits.memory = mebibytes << 20
        }
        if let text = Environment["WRIT_READ_TIMEOUT"] {
            guard let time = Duration(manifest: text), time >= .seconds(1), time <= .seconds(86_400) else {
                throw CommandFailure("WRIT_READ_TIMEOUT is \(text); write a duration from 1s to 1d, such as 5m")
            }
            limits.time = time
            // What stands still is named before the whole takes too long.
            limits.stall = min(limits.stall, time / 2)
        }
        return limits
    }

    var json: JSON {
        [
            "memory": .number(JSONNumber(memory)), "stall": .number(JSONNumber(stall.wholeMilliseconds)),
            "time": .number(JSONNumber(time.wholeMilliseconds)), "answer": .number(JSONNumber(answer)),
        ]
    }

    init() {}

    init?(_ json: JSON) {
        guard let memory = json["memory"]?.int, let stall = json["stall"]?.int, let time = json["time"]?.int,
            let answer = json["answer"]?.int, memory > 0, stall > 0, time > 0, answer > 0
        else { return nil }
        self.memory = memory
        self.stall = .milliseconds(stall)
        self.time = .milliseconds(time)
        self.answer = answer
    }
}

extension Duration {
    var wholeMilliseconds: Int {
        Int(clamping: components.seconds) * 1_000 + Int(clamping: components.attoseconds / 1_000_000_000_000_000)
    }

    /// For messages: `8 s`.
    var inSeconds: String { "\(Int(clamping: components.seconds)) s" }
}
