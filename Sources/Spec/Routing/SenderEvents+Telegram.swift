extension SenderEvents {
    /// Kinds of updates, with kinds of chats behind them (core.telegram.org/bots/api, `Update` and `Chat`).
    static let telegram = SenderEvents(
        sender: "Telegram",
        names: [
            "business_connection", "business_message", "callback_query", "channel_post", "chat_boost",
            "chat_join_request", "chat_member", "chosen_inline_result", "deleted_business_messages",
            "edited_business_message", "edited_channel_post", "edited_message", "inline_query", "message",
            "message_reaction", "message_reaction_count", "my_chat_member", "poll", "poll_answer",
            "pre_checkout_query", "purchased_paid_media", "removed_chat_boost", "shipping_query",
        ],
        details: Dictionary(
            uniqueKeysWithValues: [
                "callback_query", "channel_post", "edited_channel_post", "edited_message", "message",
            ].map { ($0, ["channel", "group", "private", "supergroup"]) }))
}
