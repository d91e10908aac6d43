/// One entry of a trigger's `events`: `pull_request.opened`, `pull_request` (all its actions), `*.created`, `*`.
package struct EventPattern: Sendable, Hashable {
    private let names: [Substring]

    package init(_ text: String) {
        names = text.split(separator: ".", omittingEmptySubsequences: false)
    }

    package func matches(_ event: String) -> Bool {
        let parts = event.split(separator: ".", omittingEmptySubsequences: false)
        guard names.count <= parts.count else { return false }
        return zip(names, parts).allSatisfy { $0 == "*" || $0 == $1 }
    }
}
