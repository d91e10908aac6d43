import Agents
import Outbound
import Spec

/// Whose host is called for a tool, a channel or a provider: that is who fails, and who is left alone.
package enum CalledHost {
    /// `https://host` or `https://host:8443`; nil where nothing is called.
    package static func origin(of resource: Resource) -> String? {
        switch resource.id.kind {
        case .tool: origin(resource.spec(as: Tool.self).flatMap(url(of:)))
        case .channel: origin(resource.spec(as: Channel.self).flatMap(url(of:)))
        case .provider: origin(resource.spec(as: Provider.self).flatMap(url(of:)))
        default: nil
        }
    }

    /// Up to where arguments are filled in: they never fill the host.
    static func url(of tool: Tool) -> String? {
        (tool.http?.url.manifestText).map { String($0.prefix { $0 != "{" }) }
    }

    static func url(of channel: Channel) -> String? {
        channel.webhook?.url.manifestText ?? channel.slackResponse?.origin.manifestText
    }

    static func url(of provider: Provider) -> String? {
        provider.type == .openai ? provider.baseURL?.manifestText ?? OpenAIProvider.defaultBaseURL : nil
    }

    private static func origin(_ url: String?) -> String? { url.flatMap(CircuitBreakers.origin(of:)) }
}
