import Values

/// The keys by which a service knows a call again that is made once more: the same in every attempt of a run, so that
/// what an attempt did whose record a crash took is not done twice by a service that keeps them.
struct CallKeys: Sendable {
    /// `nil` for what is only tried out.
    private let run: String?
    private var counts: [Digest: Int] = [:]

    /// Hexadecimal digits of a key.
    private static let length = 40

    init(run: String?) {
        self.run = run
    }

    /// Of the next call of a tool. The same call made again within an attempt is another one.
    mutating func next(_ tool: String, _ arguments: JSON) -> String? {
        guard let run else { return nil }
        let call = Digest(of: [.string(tool), arguments] as JSON)
        let number = counts[call, default: 0] + 1
        counts[call] = number
        return Self.key([.string(run), .string(call.text), .number(JSONNumber(number))])
    }

    /// Of what a model is asked: the same where the same is asked in the same step.
    func question(_ request: ChatRequest) -> String? {
        guard let run else { return nil }
        return Self.key([
            .string(run), "model", .string(request.model), .number(JSONNumber(request.step)),
            .string(request.digest.text),
        ])
    }

    private static func key(_ all: JSON) -> String {
        String(Digest(of: all).text.drop { $0 != ":" }.dropFirst().prefix(length))
    }
}
