import Values

/// How a run ended for good.
package struct RunOutcome: Sendable {
    package enum End: String, Sendable, Hashable, CaseIterable {
        case succeeded, failed, cancelled, skipped, unknown
    }

    package var end: End
    package var output: String?
    package var error: String?
    package var reason: String?
    package var usage: RunUsage

    package init(
        _ end: End, output: String? = nil, error: String? = nil, reason: String? = nil, usage: RunUsage = RunUsage()
    ) {
        self.end = end
        self.output = output
        self.error = error
        self.reason = reason
        self.usage = usage
    }
}

/// What one attempt used and of what it was made. Tokens are added to those of earlier attempts.
package struct RunUsage: Sendable, Hashable {
    package var tokensIn: Int
    package var tokensOut: Int
    package var promptDigest: Digest?
    package var model: String?

    package init(tokensIn: Int = 0, tokensOut: Int = 0, promptDigest: Digest? = nil, model: String? = nil) {
        self.tokensIn = tokensIn
        self.tokensOut = tokensOut
        self.promptDigest = promptDigest
        self.model = model
    }

    /// Keeps what is recorded where this says nothing.
    static let assignments = """
        tokens_in = tokens_in + :tokensIn, tokens_out = tokens_out + :tokensOut,
        prompt_digest = coalesce(:promptDigest, prompt_digest), model = coalesce(:model, model)
        """

    var arguments: Arguments {
        // Bounded so that a sum of them stays in 64 bits.
        [
            "tokensIn": min(max(tokensIn, 0), 1 << 40), "tokensOut": min(max(tokensOut, 0), 1 << 40),
            "promptDigest": promptDigest, "model": model,
        ]
    }
}

/// What became of an attempt that may be repeated.
package enum RetryOutcome: Sendable, Hashable {
    /// Queued again.
    case queued
    /// Queued again, with as many attempts left as before.
    case snoozed
    /// That was the last attempt: it is a dead letter now.
    case discarded
    /// A tool with side effects had been called: a person has to look.
    case unknown
}

/// What became of a run that was given back.
package enum ReleaseOutcome: Sendable, Hashable {
    /// Queued as if it had not been taken.
    case queued
    /// A tool with side effects had been called: a person has to look.
    case unknown
}

/// What is to be sent about a run that is over, asked within the transaction that ends it.
package typealias EndMessages = (Run) throws -> [NewDelivery]
