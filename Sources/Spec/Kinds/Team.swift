import Values

extension KindName {
    package static let team = KindName(rawValue: "Team")
}

/// People and the agents that they share.
package struct Team: Kind, Hashable {
    package let description: String?
    package let owner: Reference<User>?
    package let members: [Reference<User>]
    package let agents: [Reference<Agent>]

    package static let kindName = KindName.team
    package static let plural = "teams"
    package static let schema = Schema<Team>(
        "People and the agents that they share.",
        Field("description", optional: \.description, "What the team does."),
        Field("owner", optional: \.owner, "Who answers for it."),
        Field("members", \.members, "Its people.", default: []),
        Field("agents", \.agents, "Its agents.", default: []),
        make: Team.init)
}
