import Values

/// A bot has one webhook: two triggers that keep it would take it from each other for ever.
package struct BotCheck {
    private var triggers: [String: [(id: ResourceID, place: Place)]] = [:]

    mutating func add(_ outline: ResourceOutline) {
        guard let bot = outline.bot else { return }
        triggers[bot.token, default: []].append((outline.id, bot.place))
    }

    var diagnostics: [Diagnostic] {
        triggers.values.filter { $0.count > 1 }.flatMap { found -> [Diagnostic] in
            let sorted = found.sorted { $0.id < $1.id }
            guard let first = sorted.first else { return [] }
            return sorted.dropFirst().map { Self.problem(of: first.id, at: $0.place) }
        }
    }

    /// - Parameters:
    ///   - first: who keeps the webhook
    ///   - place: where another one asks for it
    package static func problem(of first: ResourceID, at place: Place) -> Diagnostic {
        Diagnostic(
            .error, .exclusiveFields, "\(first) manages the webhook of this bot, too, and a bot has but one", at: place,
            fix: "give one of the two another bot, or take `manage` and `token` from it")
    }
}

extension Resource {
    /// The token, as it is named, of the bot whose webhook a trigger keeps.
    package var managedBot: String? {
        guard id.kind == .trigger, let webhook = manifest["spec"]?["webhook"], webhook["manage"]?.bool == true,
            webhook["source"]?.string == Trigger.Webhook.Source.telegram.rawValue
        else { return nil }
        return webhook["token"]?.canonicalText
    }
}
