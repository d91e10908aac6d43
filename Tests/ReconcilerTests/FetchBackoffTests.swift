import Testing

@testable import Reconciler

@Suite("Waiting longer while a remote cannot be read")
struct FetchBackoffTests {
    @Test("Each failure doubles the wait, up to five minutes; a success ends that")
    func isDoubled() {
        var backoff = FetchBackoff(interval: .seconds(30)) { 1 }
        #expect(backoff.next(failed: false) == .seconds(30))
        let waits = (0..<8).map { _ in backoff.next(failed: true) }
        #expect(waits.prefix(4) == [.seconds(30), .seconds(60), .seconds(120), .seconds(240)])
        #expect(waits.dropFirst(4).allSatisfy { $0 == .seconds(300) })
        #expect(backoff.next(failed: false) == .seconds(30))
        #expect(backoff.next(failed: true) == .seconds(30))
    }

    @Test("Many do not come back at once, and an interval over five minutes stays")
    func isSpread() {
        var early = FetchBackoff(interval: .seconds(10)) { 0 }
        var late = FetchBackoff(interval: .seconds(3_600)) { 1 }
        for _ in 0..<40 {
            #expect(early.next(failed: true) >= .seconds(8))
            #expect(late.next(failed: true) == .seconds(3_600))
        }
        #expect(early.next(failed: true) == .seconds(240))
    }

    @Test("Known hosts are those that no file revokes; comments and authorities are none")
    func isKnown() {
        let lines = [
            "# ours", "a.example.com ssh-ed25519 AAAA1", "b.example.com ssh-ed25519 AAAA2 old",
            "@revoked * ssh-ed25519 AAAA2", "@cert-authority *.example.com ssh-ed25519 AAAA3", "", "c.example.com",
            "|1|salt|hash ssh-rsa AAAA4",
        ]
        #expect(KnownHosts.trusted(lines) == [lines[1], lines[7]])
    }

    @Test(
        "gpgv's word counts where there is one signature and that a good one",
        arguments: [
            ("NEWSIG\nGOODSIG 1 A\nVALIDSIG F", 0, true), ("NEWSIG\nGOODSIG 1 A\nVALIDSIG F", 1, false),
            ("NEWSIG\nGOODSIG 1 A\nVALIDSIG F\nNEWSIG\nGOODSIG 2 B\nVALIDSIG G", 0, false),
            ("NEWSIG\nEXPKEYSIG 1 A\nVALIDSIG F", 0, false), ("NEWSIG\nREVKEYSIG 1 A\nVALIDSIG F", 0, false),
            ("NEWSIG\nBADSIG 1 A", 1, false), ("NEWSIG\nGOODSIG 1 A", 0, false), ("", 0, false),
        ])
    func isGood(_ status: String, _ code: Int32, _ isGood: Bool) {
        let text = status.split(separator: "\n").map { "[GNUPG:] \($0)\n" }.joined()
        let answer = GPGVerifier.answer(ShortProgram.Output(status: code, text: text))
        if case .good = answer { #expect(isGood) } else { #expect(!isGood) }
    }
}
