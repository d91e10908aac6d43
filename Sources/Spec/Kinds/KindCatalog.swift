import Values

/// Every kind that Writ knows. Adding one is its file beside this one and its line here.
package enum KindCatalog {
    package static let all: [any Kind.Type] = [
        Agent.self, Tool.self, Trigger.self, Repository.self, User.self, Team.self, Provider.self, Channel.self,
        Prompt.self,
    ]

    private static let byName: [KindName: any Kind.Type] = Dictionary(
        uniqueKeysWithValues: all.map { ($0.kindName, $0) })

    package static subscript(name: KindName) -> (any Kind.Type)? { byName[name] }

    /// As the command line and paths say it: singular or plural, in any case.
    package static func named(_ text: String) -> (any Kind.Type)? {
        let text = text.lowercased()
        return all.first { $0.kindName.rawValue.lowercased() == text || $0.plural == text }
    }

    /// For messages: the nearest kind's name, if one is near.
    package static func nearest(to text: String) -> String? {
        nearestName(to: text, among: all.map { $0.kindName.rawValue })
    }
}
