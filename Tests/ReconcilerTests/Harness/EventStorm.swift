import Foundation
import HTTPTestSupport
import Outbound
import State
import Synchronization
import TestSupport
import Testing
import Values

/// Numbered signed events, sent to a service that ends and begins again: whoever does not hear 2xx sends the same
/// event again, as GitHub's redelivery does.
final class EventStorm: Sendable {
    private struct Content {
        var next = 0
        var isOver = false
        var senders = 0
        /// The event's id by its number, once it was acknowledged.
        var acknowledged: [Int: String] = [:]
        var refused = 0
        var wrong: [String] = []
    }

    private static let secret = "It's a Secret to Everybody"
    private static let hook = "/hooks/repositories/site"
    private static let senders = 4

    private let content = Mutex(Content())
    private let url = Mutex<String?>(nil)

    /// Where the service is now; nil while it is down.
    var target: String? {
        get { url.withLock { $0 } }
        set { url.withLock { $0 = newValue } }
    }

    var acknowledged: Int { content.withLock { $0.acknowledged.count } }
    /// Answers 503.
    var refused: Int { content.withLock { $0.refused } }

    /// A fleet with two triggers that take the events, and two that do not.
    static func fleet() throws -> Fleet {
        var files = try Examples.files("quickstart")
        files["triggers/every-minute.yaml"] = nil
        files["triggers/greet-pull-request.yaml"] = nil
        files["repositories/site.yaml"] = """
            apiVersion: writ/v1
            kind: Repository
            metadata: {name: site}
            spec:
              url: https://github.com/acme/site
              webhook: {secret: {env: HOOK}}

            """
        func trigger(_ name: String, _ events: String, _ match: String) -> String {
            """
            apiVersion: writ/v1
            kind: Trigger
            metadata: {name: \(name)}
            spec:
              agent: greeter
              webhook: {source: github, repository: site, events: [\(events)], secret: {env: HOOK}}
              match: [\(match)]
              input: Go.
              retry: {maxAttempts: 50, backoff: 100ms}

            """
        }
        files["triggers/all.yaml"] = trigger("all", "push", "")
        files["triggers/even.yaml"] = trigger("even", "'*'", "{path: payload.even, equals: true}")
        files["triggers/deaf.yaml"] = trigger("deaf", "issues", "")
        var fleet = try Fleet(files)
        fleet.environment = ["HOOK": secret]
        return fleet
    }

    /// Sends while `body` runs, and until the events that were begun are acknowledged.
    func blow<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        let client = OutboundClient()
        let result: Result
        do {
            result = try await withThrowingTaskGroup(of: Void.self) { group in
                content.withLock { $0.senders = Self.senders }
                for _ in 0..<Self.senders { group.addTask { try await self.send(client) } }
                defer { content.withLock { $0.isOver = true } }
                let result = try await body()
                content.withLock { $0.isOver = true }
                // A service that takes nothing any more would be tried for ever.
                try await waitUntil("an answer to the last events", timeout: .seconds(120)) {
                    content.withLock { $0.senders == 0 }
                }
                try await group.waitForAll()
                return result
            }
        } catch {
            await client.shutdown()
            throw error
        }
        await client.shutdown()
        return result
    }

    private func send(_ client: OutboundClient) async throws {
        defer { content.withLock { $0.senders -= 1 } }
        while !Task.isCancelled {
            let number = content.withLock { content -> Int? in
                guard !content.isOver else { return nil }
                content.next += 1
                return content.next
            }
            guard let number else { return }
            while !Task.isCancelled, try await !deliver(number, client) {
                // Whoever hears nothing waits a moment.
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    /// One try; true once it was acknowledged.
    private func deliver(_ number: Int, _ client: OutboundClient) async throws -> Bool {
        guard let target else { return false }
        let body = Array(
            #"{"number": \#(number), "even": \#(number % 2 == 0), "repository": {"full_name": "acme/site"}}"#.utf8)
        let signature = try HMACSignature.github.sign(body, secret: Array(Self.secret.utf8))
        let request = OutboundRequest(
            method: "POST", url: target + Self.hook,
            headers: [
                ("Content-Type", "application/json"), ("X-GitHub-Event", "push"),
                ("X-GitHub-Delivery", "number-\(number)"), ("X-Hub-Signature-256", signature),
            ], body: body, timeout: .seconds(20), policy: .allowPrivate)
        guard let response = try? await client.send(request) else { return false }
        switch response.status {
        case 200, 202:
            let id = (try? JSON(parsing: response.body))?["event"]?.string
            content.withLock { content in
                if let id { content.acknowledged[number] = id } else { content.wrong.append("\(number): no id") }
            }
            return true
        case 503, 429:
            content.withLock { $0.refused += 1 }
        default:
            content.withLock { $0.wrong.append("\(number): \(response.status) \(response.text)") }
        }
        return false
    }

    struct Figures: CustomStringConvertible {
        var acknowledged = 0
        var events = 0
        var runs = 0
        var states: [String: Int] = [:]

        var description: String {
            let states = self.states.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
            return "\(acknowledged) events acknowledged, \(events) recorded, \(runs) runs (\(states))"
        }
    }

    /// Every acknowledged event is there once, under the id that was said, with one run for each trigger that takes it.
    @discardableResult
    func verify(_ path: String) throws -> Figures {
        let (acknowledged, wrong) = content.withLock { ($0.acknowledged, $0.wrong) }
        #expect(wrong.isEmpty, "\(wrong.prefix(5))")
        let reader = try #require(try StateReader.open(at: path))
        var figures = Figures(acknowledged: acknowledged.count)
        var ids: [String: String] = [:]
        try Self.all({ try reader.events($0) }) { event in
            figures.events += 1
            let key = event.dedupeKey ?? ""
            #expect(ids.updateValue(event.id, forKey: key) == nil, "\(key) was stored twice")
        }
        for (number, id) in acknowledged {
            #expect(ids["number-\(number)"] == id, "event \(number) was acknowledged as \(id)")
        }
        var triggers: [String: [String]] = [:]
        try Self.all({ try reader.runs($0) }) { run in
            figures.runs += 1
            figures.states[run.state.rawValue, default: 0] += 1
            triggers[run.event ?? "", default: []].append(run.trigger ?? "")
        }
        for (key, id) in ids {
            let isEven = (Int(key.dropFirst("number-".count)) ?? 1) % 2 == 0
            #expect(triggers[id]?.sorted() == (isEven ? ["all", "even"] : ["all"]), "runs of \(key)")
        }
        #expect(Set(triggers.keys) == Set(ids.values), "runs without an event")
        let checkup = try #require(try StateCheckup(path: path))
        #expect(checkup.damage.isEmpty && checkup.altered.isEmpty, "\(checkup.damage)")
        return figures
    }

    private static func all<Item: Sendable>(
        _ page: (Page) throws -> PageOf<Item>, _ each: (Item) throws -> Void
    ) throws {
        var before: String?
        repeat {
            let read = try page(Page(limit: 500, before: before))
            for item in read.items { try each(item) }
            before = read.next
        } while before != nil
    }
}
