import Agents
import Outbound
import Runtime
import Spec
import State
import Testing
import Values

/// What GitHub really sends, of twelve sorts: through signature, id, name, conditions and the rendered input.
@Suite struct GitHubPayloadTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let file: String
        let sort: String
        /// As triggers see it.
        let name: String
        let wildcard: String
        /// A condition that holds, and one that does not.
        let holds: String
        let fails: String
        let input: String
        let told: String
        var repository = "Codertocat/Hello-World"

        var testDescription: String { name }
    }

    private static let secret = "It's a Secret to Everybody"

    private static let samples = [
        Sample(
            file: "github/check_run__completed", sort: "check_run", name: "check_run.completed",
            wildcard: "*.completed", holds: "{path: payload.check_run.conclusion, in: [success, neutral]}",
            fails: "{path: payload.check_run.conclusion, equals: failure}",
            input: "{{payload.check_run.name}}: {{payload.check_run.conclusion}}", told: "Octocoders-linter: success"),
        Sample(
            file: "github/create", sort: "create", name: "create", wildcard: "*",
            holds: "{path: payload.ref_type, equals: tag}", fails: "{path: payload.ref_type, equals: branch}",
            input: "{{payload.ref_type}} {{payload.ref}}", told: "tag simple-tag"),
        Sample(
            file: "github/deployment_status", sort: "deployment_status", name: "deployment_status.created",
            wildcard: "deployment_status.*", holds: "{path: payload.deployment.environment, matches: '^prod'}",
            fails: "{path: payload.deployment.environment, matches: '^stag'}",
            input: "{{payload.deployment.environment}} is {{payload.deployment_status.state}}",
            told: "production is success"),
        Sample(
            file: "github/discussion__answered", sort: "discussion", name: "discussion.answered",
            wildcard: "discussion", holds: "{path: payload.answer.body, exists: true}",
            fails: "{path: payload.answer.body, exists: false}",
            input: "{{payload.discussion.title}}: {{payload.answer.body}}", told: "TEST edit: Poggers"),
        Sample(
            file: "github/issue_comment__created", sort: "issue_comment", name: "issue_comment.created",
            wildcard: "*.created", holds: "{path: payload.issue.number, equals: 1}",
            fails: "{path: payload.issue.number, equals: '1'}",
            input: "#{{payload.issue.number}}: {{payload.comment.body}}",
            told: "#1: You are totally right! I'll get this fixed right away."),
        Sample(
            file: "github/issues__assigned", sort: "issues", name: "issues.assigned", wildcard: "issues",
            holds: "{path: payload.assignee.login, equals: Codertocat}",
            fails: "{path: payload.assignee.login, equals: somebody}",
            input: "{{payload.issue.title}}", told: "Spelling error in the README file"),
        Sample(
            file: "pull_request.assigned", sort: "pull_request", name: "pull_request.assigned",
            wildcard: "pull_request", holds: "{path: payload.pull_request.base.ref, equals: master}",
            fails: "{path: payload.pull_request.draft, equals: true}",
            input: "{{event}} {{payload.number}}", told: "pull_request.assigned 2"),
        Sample(
            file: "github/pull_request__closed", sort: "pull_request", name: "pull_request.closed",
            wildcard: "*.closed", holds: "{path: payload.pull_request.merged, equals: false}",
            fails: "{path: payload.pull_request.merged, equals: true}",
            input: "{{payload.pull_request.title}}", told: "Update the README with new information."),
        Sample(
            file: "github/pull_request_review__submitted", sort: "pull_request_review",
            name: "pull_request_review.submitted", wildcard: "pull_request_review.*",
            holds: "{path: payload.review.state, in: [commented, approved]}",
            fails: "{path: payload.review.state, equals: changes_requested}",
            input: "{{payload.review.user.login}} {{payload.review.state}}", told: "Codertocat commented"),
        Sample(
            file: "github/push", sort: "push", name: "push", wildcard: "push",
            holds: "{path: payload.deleted, equals: true}", fails: "{path: payload.ref, matches: '^refs/heads/'}",
            input: "{{payload.pusher.name}} {{payload.ref}} {{headers.x-github-event}}",
            told: "Codertocat refs/tags/simple-tag push"),
        Sample(
            file: "github/star__created", sort: "star", name: "star.created", wildcard: "star",
            holds: "{path: payload.sender.login, exists: true}", fails: "{path: payload.starred_at, exists: false}",
            input: "{{payload.sender.login}}", told: "Codertocat"),
        Sample(
            file: "github/workflow_run__completed", sort: "workflow_run", name: "workflow_run.completed",
            wildcard: "workflow_run.completed", holds: "{path: payload.workflow_run.conclusion, equals: success}",
            fails: "{path: payload.workflow_run.conclusion, equals: failure}",
            input: "{{payload.workflow.name}}: {{payload.workflow_run.conclusion}}", told: "test: success",
            repository: "octo-org/octo-repo"),
    ]

    private func trigger(_ name: String, _ events: String, _ sample: Sample, match: String, input: String? = nil)
        -> String
    {
        RuntimeFixture.trigger(
            name,
            """
            webhook: {source: github, repository: hello, events: ['\(events)'], secret: {env: HOOK}}
            match: [\(match)]
            \(input.map { "input: '\($0)'" } ?? "")
            """)
    }

    @Test("A delivery of GitHub's is known, named, matched and told", arguments: samples)
    func delivery(sample: Sample) throws {
        let fixture = try RuntimeFixture(
            RuntimeFixture.manifests(
                trigger("exact", sample.name, sample, match: sample.holds, input: sample.input),
                trigger("wild", sample.wildcard, sample, match: sample.holds),
                trigger("unmet", sample.name, sample, match: sample.fails),
                trigger("deaf", "\(sample.sort).nothing", sample, match: sample.holds),
                """
                apiVersion: writ/v1
                kind: Repository
                metadata: {name: hello}
                spec:
                  url: https://github.com/\(sample.repository)
                  webhook: {secret: {env: HOOK}}
                """))
        let inbox = Inbox(
            store: fixture.store, catalogs: fixture.catalogs, secrets: { _ in Self.secret }, clock: fixture.clock,
            metrics: fixture.metrics, logger: fixture.logger)
        let body = try RuntimeTests.fixture(sample.file + ".json")
        func send(_ body: [UInt8], signed: [UInt8]) throws -> InboxAnswer {
            let signature = try HMACSignature.github.sign(signed, secret: Array(Self.secret.utf8))
            return inbox.receive(
                endpoint: .repository("hello"),
                headers: [
                    ("Content-Type", "application/json"), ("X-GitHub-Event", sample.sort),
                    ("X-GitHub-Delivery", "d-\(sample.name)"), ("X-Hub-Signature-256", signature),
                ], body: body)
        }
        #expect(try send(body + [0x20], signed: body) == .unauthorized)
        guard case .accepted(let id) = try send(body, signed: body) else { throw Invalid(description: "refused") }
        #expect(try send(body, signed: body) == .duplicate(event: id))

        let event = try #require(try fixture.reader.event(id))
        #expect(event.summary.name == sample.name)
        #expect(event.summary.dedupeKey == "d-\(sample.name)")
        #expect(event.payload == (try JSON(parsing: body)))
        #expect(try fixture.runs().compactMap(\.trigger).sorted() == ["exact", "wild"])
        let passed = (event.decisions?.array ?? []).filter { $0["outcome"] == "pass" }
        #expect(passed.compactMap { $0["trigger"]?.string }.sorted() == ["deaf", "unmet"])
        let catalog = try #require(try fixture.catalogs.current()?.catalog)
        #expect(RunWork.input(of: "exact", event.facts(), catalog) == .success(sample.told))
        // Without a template the payload as it came.
        #expect(RunWork.input(of: "wild", event.facts(), catalog) == .success(event.payload.canonicalText))
    }
}
