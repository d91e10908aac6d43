import Spec
import State
import Values

extension RunExecutor {
    /// A run of a tool without an agent: its input is the arguments.
    func runTool(
        _ name: String, _ work: RunWork, secrets: RunSecrets, log: StepLog
    ) async throws(RunFailure) -> RunResult {
        guard let tool = work.catalog.spec(Tool.self, named: name) else {
            throw RunFailure(.notFound, "there is no tool \(name) in this revision")
        }
        let entry = ToolEntry(name, tool)
        if let obstacle = entry.obstacle { throw obstacle }
        secrets.learn(tool.secretReferences)
        let arguments = try Self.arguments(work)
        var log = log
        let outcome = try await ToolCaller(client: client, secrets: secrets, now: now).step(entry, arguments, in: &log)
        switch outcome.result {
        case .success(let text): return .succeeded(output: text, usage: RunUsage())
        case .failure(let failure):
            if failure.kind == .cancelled { throw RunFailure.cancelled(during: entry, outcome) }
            throw RunFailure(failure, hasEffect: outcome.hasEffect)
        }
    }

    static func arguments(_ work: RunWork) throws(RunFailure) -> JSON {
        if let input = work.input, input.object != nil { return input }
        let text = try work.inputText()
        do {
            return try JSON(parsing: text)
        } catch {
            throw RunFailure(
                .invalidArguments,
                "the input of a tool must be a JSON object with its arguments; it is not JSON: \(error)")
        }
    }
}

extension RunFailure {
    /// - Parameter hasEffect: whether a tool that must not be called twice may have done its work.
    fileprivate init(_ failure: ToolFailure, hasEffect: Bool) {
        let reason: RunReason =
            switch failure.kind {
            case .invalidArguments: .invalidArguments
            case .suspended: .suspended
            case .secret: .secret
            case .cancelled: .cancelled
            case .unknownTool, .badRequest, .refusedAddress, .unreachable, .timeout, .httpStatus, .notText: .tool
            }
        let body = failure.body.map { ": \($0.prefix(300))" } ?? ""
        self.init(
            reason, failure.message + body, isRetryable: failure.isRetryable && !hasEffect,
            retryAfter: failure.retryAfter)
    }
}
