import Spec
import TestSupport
import Testing

@Suite struct WebhookRateLimitTests {
    @Test(arguments: [("0s", false), ("999ms", false), ("1s", true), ("1d", true), ("25h", false)])
    func `a period is a second at least and a day at most`(per: String, isSound: Bool) throws {
        let text = """
            apiVersion: writ/v1
            kind: Repository
            metadata: {name: site}
            spec:
              url: https://github.com/acme/site
              webhook: {secret: {env: HOOK}, rateLimit: {requests: 5, per: \(per)}}
            """
        let loaded = try CatalogLoader(zones: .system).load(MemorySnapshot(["a.yaml": text]))
        #expect(loaded.isValid == isSound, "\(loaded.diagnostics)")
        if !isSound { #expect(loaded.diagnostics.first?.place.mark.line == 6) }
    }
}
