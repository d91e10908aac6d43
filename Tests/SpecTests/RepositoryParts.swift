/// Files that other manifests of the tests refer to, in the form of `MarkedText`.
enum Parts {
    static let provider = """
        === parts/openai.yaml: Provider openai ===
        type: openai

        """

    static let tool = """
        === parts/search.yaml: Tool search ===
        description: Searches.
        http: {url: https://example.com/}

        """

    static let agent = """
        === parts/brief.yaml: Agent brief ===
        model: {provider: openai, name: small}
        systemPrompt: Be brief.

        """

    static let channel = """
        === parts/ops.yaml: Channel ops ===
        webhook: {url: https://example.com/hook, secret: {env: HOOK}}

        """

    static let prompt = """
        === parts/house.yaml: Prompt house ===
        template: Be kind.

        """

    static let user = """
        === parts/ada.yaml: User ada ===
        email: ada@example.com

        """

    static let repository = """
        === parts/website.yaml: Repository website ===
        url: https://github.com/example/website

        """

    static let agents = provider + agent
    static let all = agents + tool + channel + prompt + user + repository
}
