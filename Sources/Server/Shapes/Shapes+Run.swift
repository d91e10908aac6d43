import State
import Values

extension Shapes {
    /// A run without what happened inside it, with what is called otherwise now under the name of now.
    package static func run(_ run: Run, _ names: CurrentNames) -> JSON { object(of: run, names).json }

    /// A run with its input, attempts, steps and deliveries.
    package static func run(_ detail: RunDetail) -> JSON {
        var object = object(of: detail.run, detail.names)
        object.set("formatVersion", formatVersion)
        object.set("input", detail.input)
        object.set("attempts", .array(detail.attempts.map(attempt)))
        object.set("steps", .array(detail.steps.map(step)))
        object.set("deliveries", .array(detail.deliveries.map(delivery)))
        return object.json
    }

    private static func object(of run: Run, _ names: CurrentNames) -> JSONObject {
        var object = JSONObject()
        object.set("id", run.id)
        object.set("state", run.state.rawValue)
        object.set("trigger", now: run.triggerName(by: names), then: run.trigger)
        object.set("agent", now: run.target.agent.map { _ in run.targetName(by: names) }, then: run.target.agent)
        object.set("tool", now: run.target.tool.map { _ in run.targetName(by: names) }, then: run.target.tool)
        object.set("event", run.event)
        object.set("revision", run.revision)
        object.set("manifestDigest", run.manifestDigest)
        object.set("promptDigest", run.promptDigest)
        object.set("model", run.model)
        object.set("attempt", run.attempt)
        object.set("maxAttempts", run.maxAttempts)
        object.set("scheduledAt", run.scheduledAt)
        if run.missed > 1 {
            object.set("missed", run.missed)
            object.set("missedSince", run.missedSince)
        }
        if run.state == .queued { object.set("notBefore", run.notBefore) }
        object.set("createdAt", run.createdAt)
        object.set("startedAt", run.startedAt)
        object.set("finishedAt", run.finishedAt)
        object.set("output", run.output)
        object.set("error", run.error)
        object.set("reason", run.reason)
        object.set("tokens", tokens(run.tokensIn, run.tokensOut))
        return object
    }

    package static func attempt(_ attempt: RunAttempt) -> JSON {
        var object = JSONObject()
        object.set("attempt", attempt.attempt)
        object.set("startedAt", attempt.startedAt)
        object.set("finishedAt", attempt.finishedAt)
        object.set("outcome", attempt.outcome)
        object.set("error", attempt.error)
        return object.json
    }

    package static func step(_ step: Step) -> JSON {
        var object = JSONObject()
        object.set("number", step.number)
        object.set("attempt", step.attempt)
        object.set("kind", step.kind.rawValue)
        object.set("name", step.name)
        object.set("startedAt", step.startedAt)
        object.set("finishedAt", step.finishedAt)
        object.set("tokens", tokens(step.tokensIn, step.tokensOut))
        object.set("requestDigest", step.requestDigest)
        object.set("request", step.request)
        object.set("response", step.response)
        object.set("error", step.error)
        return object.json
    }

    /// Without the body: it repeats the run's output.
    package static func delivery(_ delivery: Delivery) -> JSON {
        var object = JSONObject()
        object.set("id", delivery.id)
        object.set("run", delivery.run)
        object.set("channel", now: delivery.currentChannel, then: delivery.channel)
        object.set("state", delivery.state.rawValue)
        object.set("attempt", delivery.attempt)
        object.set("maxAttempts", delivery.maxAttempts)
        if delivery.state == .queued { object.set("notBefore", delivery.notBefore) }
        object.set("messageId", delivery.messageID)
        object.set("createdAt", delivery.createdAt)
        object.set("finishedAt", delivery.finishedAt)
        object.set("responseStatus", delivery.responseStatus)
        object.set("error", delivery.lastError)
        return object.json
    }
}
