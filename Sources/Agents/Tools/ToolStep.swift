import State
import Values

/// What came of one tool call: an answer or a failure, both as the model is told.
struct ToolOutcome: Sendable {
    let result: Result<String, ToolFailure>
    /// Whether a tool that must not be called twice may have done its work.
    let hasEffect: Bool

    var text: String {
        switch result {
        case .success(let text): text
        case .failure(let failure): failure.json.canonicalText
        }
    }

    var failure: ToolFailure? {
        if case .failure(let failure) = result { failure } else { nil }
    }
}

extension ToolCaller {
    /// Makes one call and has it recorded. What is wrong with the call before anything is sent becomes a step too.
    func step(
        _ entry: ToolEntry, _ arguments: JSON, in log: inout StepLog
    ) async throws(RunFailure) -> ToolOutcome {
        let key = log.keys.next(entry.name, arguments)
        let prepared = Result { () throws(ToolFailure) in try request(entry, arguments, key: key) }
        switch prepared {
        case .failure(let failure):
            return try await ToolCaller.refused(entry.name, request: arguments, failure, in: &log)
        case .success(let request):
            let step = try await log.begin(.tool, entry.name, isRepeatable: entry.isRepeatable, request: arguments)
            let result: Result<String, ToolFailure>
            do throws(ToolFailure) {
                result = .success(try await send(request))
            } catch {
                result = .failure(error)
            }
            switch result {
            case .success(let text):
                let hasEffect = !entry.isRepeatable
                try await log.end(step, response: .string(text), hasEffect: hasEffect)
                return ToolOutcome(result: result, hasEffect: hasEffect)
            case .failure(let failure):
                let hasEffect = !entry.isRepeatable && failure.mayHaveArrived
                try await log.end(step, response: failure.json, error: failure.message, hasEffect: hasEffect)
                return ToolOutcome(result: result, hasEffect: hasEffect)
            }
        }
    }

    /// A call that is not made.
    static func refused(
        _ name: String, request: JSON, _ failure: ToolFailure, in log: inout StepLog
    ) async throws(RunFailure) -> ToolOutcome {
        let step = try await log.begin(.tool, name, request: request)
        try await log.end(step, response: failure.json, error: failure.message)
        return ToolOutcome(result: .failure(failure), hasEffect: false)
    }
}
