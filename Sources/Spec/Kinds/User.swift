import Values

extension KindName {
    package static let user = KindName(rawValue: "User")
}

/// A person.
package struct User: Kind, Hashable {
    package let displayName: String?
    package let email: String?
    package let role: Role
    package let identities: Identities
    package let suspend: Bool

    package enum Role: String, SpecChoice {
        case admin
        case developer
        case viewer
    }

    package static let kindName = KindName.user
    package static let plural = "users"
    package static let schema = Schema<User>(
        "A person.",
        Field("displayName", optional: \.displayName, "The name to show."),
        Field("email", optional: \.email, "Mail address."),
        Field("role", \.role, "What they may do.", default: .viewer, .inactive("admin", "developer")),
        Field("identities", \.identities, "Who they are elsewhere.", default: Identities.none, .inactive),
        Field("suspend", \.suspend, "Whether they are shut out.", default: false, .inactive("true")),
        make: User.init)

    package struct Identities: SpecObject, Hashable {
        package let github: String?
        package let google: String?

        package static let none = Identities(github: nil, google: nil)
        package static let schema = Schema<Identities>(
            "Who a person is elsewhere.",
            Field("github", optional: \.github, "Login on GitHub."),
            Field("google", optional: \.google, "Mail address at Google."),
            make: Identities.init)
    }
}
