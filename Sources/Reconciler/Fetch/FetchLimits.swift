import Values

/// Bounds on one fetch. The operator may move them.
struct FetchLimits: Sendable, Hashable {
    /// How long all of it may take.
    var time = Duration.seconds(300)
    /// How long the other side may say nothing.
    var stall = Duration.seconds(30)
    /// Bytes that one fetch may bring.
    var bytes = 512 << 20
    /// Bytes of memory beside the files that are mapped.
    var memory = 768 << 20

    init() {}

    /// As the environment says.
    static func chosen() throws -> FetchLimits {
        var limits = FetchLimits()
        if let text = Environment["WRIT_FETCH_TIMEOUT"] {
            guard let time = Duration(manifest: text), time >= .seconds(1), time <= .seconds(86_400) else {
                throw CommandFailure("WRIT_FETCH_TIMEOUT is \(text); write a duration from 1s to 1d, such as 5m")
            }
            limits.time = time
            limits.stall = min(limits.stall, time)
        }
        if let text = Environment["WRIT_FETCH_LIMIT"] {
            guard let mebibytes = Int(text), (1...(1 << 20)).contains(mebibytes) else {
                throw CommandFailure("WRIT_FETCH_LIMIT is \(text); write mebibytes, from 1 to 1048576")
            }
            limits.bytes = mebibytes << 20
        }
        return limits
    }

    var json: JSON {
        [
            "time": .number(JSONNumber(time.wholeMilliseconds)), "stall": .number(JSONNumber(stall.wholeMilliseconds)),
            "bytes": .number(JSONNumber(bytes)), "memory": .number(JSONNumber(memory)),
        ]
    }

    init?(_ json: JSON) {
        guard let time = json["time"]?.int, let stall = json["stall"]?.int, let bytes = json["bytes"]?.int,
            let memory = json["memory"]?.int, time > 0, stall > 0, bytes > 0, memory > 0
        else { return nil }
        self.time = .milliseconds(time)
        self.stall = .milliseconds(stall)
        self.bytes = bytes
        self.memory = memory
    }
}
