import Values

extension KindName {
    package static let agent = KindName(rawValue: "Agent")
}

/// Something that thinks: a model, what it is told, the tools it may use, and how far it may go.
package struct Agent: Kind, Hashable {
    package let description: String?
    package let owner: Reference<User>?
    package let suspend: Bool
    package let persona: Text?
    package let model: Model
    package let systemPrompt: TemplateText?
    package let prompt: Reference<Prompt>?
    package let tools: [ToolUse]
    package let output: Output?
    package let session: Session?
    package let limits: Limits

    package static let kindName = KindName.agent
    package static let plural = "agents"
    package static let schema = Schema<Agent>(
        "An agent: a model, its instructions, its tools and its limits.",
        Field("description", optional: \.description, "What it does, for people."),
        Field("owner", optional: \.owner, "Who answers for it."),
        Field("suspend", \.suspend, "Whether its runs are refused.", default: false, .suspends),
        Field("persona", optional: \.persona, "Who it is; put before its instructions."),
        Field("model", \.model, "The model that answers."),
        Field("systemPrompt", optional: \.systemPrompt, "Its instructions; a template over the event."),
        Field("prompt", optional: \.prompt, "A Prompt that holds its instructions."),
        Field("tools", \.tools, "The tools it may call, and no others.", default: []),
        Field("output", optional: \.output, "What its answer must look like.", .inactive),
        Field("session", optional: \.session, "Whether runs share a conversation.", .inactive),
        Field("limits", \.limits, "How far one run may go.", default: .standard),
        constraints: [.exactlyOne(["systemPrompt", "prompt"])],
        rules: [
            Rule(
                on: ["systemPrompt"], unless: { EventRoots.areAskedAlone(by: $1.child("systemPrompt", of: $0), $1) },
                Agent.instructionsAskForWhatIsThere)
        ],
        make: Agent.init)

    private static func instructionsAskForWhatIsThere(
        _ agent: JSON, _ node: Node, _ reading: ManifestReading
    ) -> [Diagnostic] {
        EventRoots.warnings(in: agent["systemPrompt"], at: node["systemPrompt"]?.mark ?? node.mark, reading)
    }

    package struct Model: SpecObject, Hashable {
        package let provider: Reference<Provider>
        package let name: String
        package let temperature: Decimal<TemperatureBounds>?
        package let topP: Decimal<UnitInterval>?
        package let topK: Bounded<FromOne>?
        package let maxOutputTokens: Bounded<FromOne>?
        package let stop: [String]?
        package let seed: Int?

        package static let schema = Schema<Model>(
            "A model of a provider and how it is asked.",
            Field("provider", \.provider, "The provider that serves it."),
            Field("name", \.name, "The provider's name for the model, such as gpt-4.1-mini."),
            Field("temperature", optional: \.temperature, "0 for the likeliest words, 2 for the wildest."),
            Field("topP", optional: \.topP, "Nucleus sampling: the share of probability to choose from."),
            Field("topK", optional: \.topK, "How many of the likeliest tokens to choose from.", .inactive),
            Field("maxOutputTokens", optional: \.maxOutputTokens, "Longest answer, in tokens."),
            Field("stop", optional: \.stop, "Texts at which the answer ends."),
            Field("seed", optional: \.seed, "For providers that can repeat an answer."),
            make: Model.init)
    }

    package struct Output: SpecObject, Hashable {
        package let schema: JSONSchemaDocument

        package static let schema: Schema<Output> = Schema(
            "A structured answer.",
            Field("schema", \.schema, "The JSON Schema of the answer."),
            make: Output.init)
    }

    package struct Session: SpecObject, Hashable {
        package let key: TemplateText
        package let window: Bounded<SmallCount>

        package static let schema = Schema<Session>(
            "A conversation that runs share.",
            Field("key", \.key, "Which conversation: a template over the event."),
            Field("window", \.window, "How many messages are kept in view.", default: 20),
            make: Session.init)
    }

    package struct Limits: SpecObject, Hashable {
        package let maxSteps: Bounded<SmallCount>
        package let timeout: Duration
        package let maxTokens: Bounded<FromOne>?
        package let dailyTokens: Bounded<FromOne>?
        package let concurrency: Bounded<SmallCount>
        package let queue: Bounded<FromOne>

        package static let standard = Limits(
            maxSteps: 10, timeout: .seconds(300), maxTokens: nil, dailyTokens: nil, concurrency: 4, queue: 10_000)

        package static let schema = Schema<Limits>(
            "How far one run may go.",
            Field("maxSteps", \.maxSteps, "Model calls in one run.", default: standard.maxSteps, .limit),
            Field("timeout", \.timeout, "How long one attempt may take.", default: standard.timeout, .limit),
            Field("maxTokens", optional: \.maxTokens, "Tokens of one run, in and out together.", .limit),
            Field("dailyTokens", optional: \.dailyTokens, "Tokens of one day (UTC).", .inactive),
            Field("concurrency", \.concurrency, "Runs at the same time.", default: standard.concurrency, .limit),
            Field(
                "queue", \.queue, "Runs that may wait; a webhook that would start one more is to come again later.",
                default: standard.queue),
            make: Limits.init)
    }
}
