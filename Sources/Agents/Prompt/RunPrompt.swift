import Spec
import State
import Values

/// What an agent is told at the beginning of a run.
package struct RunPrompt: Sendable, Hashable {
    /// The persona and the instructions; empty when there is nothing to say.
    package let system: String
    /// What the run is about.
    package let input: String

    /// By it a run can say what it was told (DESIGN.md, rule 7).
    package var digest: Digest { Digest(of: ["input": .string(input), "system": .string(system)]) }

    init(_ agent: Agent, named name: String, work: RunWork) throws(RunFailure) {
        var parts = [agent.persona?.text].compactMap(\.self)
        if let instructions = agent.systemPrompt {
            parts.append(try instructions.rendered(work.facts, what: "the system prompt of agent \(name)"))
        } else if let reference = agent.prompt {
            guard let prompt = work.catalog[reference] else {
                throw RunFailure(.notFound, "agent \(name) uses the prompt \(reference.name), which does not exist")
            }
            parts.append(try prompt.template.rendered(work.facts, what: "prompt \(reference.name)"))
        }
        system = parts.map(Self.trimmed).filter { !$0.isEmpty }.joined(separator: "\n\n")
        input = try work.inputText()
    }

    /// Without empty lines at the end, as files have them.
    private static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.last?.isNewline == true { text = text.dropLast() }
        return String(text)
    }
}

extension RunWork {
    /// What was given by hand, else the trigger's `input` rendered, else the payload as JSON.
    func inputText() throws(RunFailure) -> String {
        if let input { return input.string ?? input.writtenText }
        if let trigger, let template = triggerSpec?.input {
            return try template.rendered(facts, what: "the input of trigger \(trigger)")
        }
        return (facts["payload"] ?? .null).writtenText
    }
}

extension RunWork {
    /// What the run of a trigger would be told, for trying an event out.
    package static func input(of trigger: String, _ facts: EventFacts, _ catalog: Catalog) -> Result<String, RunFailure>
    {
        let spec = catalog.spec(Trigger.self, named: trigger)
        let target: RunTarget = spec?.tool.map { .tool($0.name) } ?? .agent(spec?.agent?.name ?? "")
        let work = RunWork(
            trigger: trigger, target: target, input: nil,
            facts: facts.object(trigger: trigger, agent: spec?.agent?.name), catalog: catalog)
        do {
            let text = try work.inputText()
            try work.checkArguments()
            return .success(text)
        } catch {
            return .failure(error)
        }
    }

    /// Whether a tool takes what it would be given; an agent takes everything.
    private func checkArguments() throws(RunFailure) {
        guard case .tool(let name) = target, let tool = catalog.spec(Tool.self, named: name) else { return }
        let arguments = try RunExecutor.arguments(self)
        do throws(ToolFailure) {
            try ToolArguments.check(arguments, of: tool)
        } catch {
            throw RunFailure(.invalidArguments, error.message)
        }
    }
}

extension TemplateText {
    fileprivate func rendered(_ facts: JSON, what: String) throws(RunFailure) -> String {
        do {
            return try Template(text).render(facts)
        } catch {
            throw RunFailure(.prompt, "\(what) cannot be rendered: \(error)")
        }
    }
}
