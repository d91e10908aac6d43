/// Most cron expressions: numbers, their ranges and lists, stars, weekdays by name, one space between the fields. In their
/// bytes nothing can be wrong but the numbers.
enum PlainCron {
    /// Whether the expression is one of these, and right. False tells nothing: then `CronExpression` has to look.
    static func isSound(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count <= CronText.maximumLength else { return false }
        var start = 0
        var lastDay = 0
        var isEveryMonth = false
        for field in CronField.allCases {
            var end = start
            while end < text.count, text[end] != UInt8(ascii: " ") { end += 1 }
            // The last field ends the text, and no other one does.
            guard end > start, (end == text.count) == (field == .dayOfWeek) else { return false }
            let word = UnsafeBufferPointer(rebasing: text[start..<end])
            guard let largest = largest(in: word, field) else { return false }
            if field == .dayOfMonth { lastDay = largest }
            if field == .month { isEveryMonth = largest == 0 }
            start = end + 1
        }
        // Every month has these days, and January all of them.
        return lastDay <= 28 || isEveryMonth
    }

    /// The largest number that a field names, 0 for a star; nil for what is not plain.
    private static func largest(in word: UnsafeBufferPointer<UInt8>, _ field: CronField) -> Int? {
        let range = field.range
        if word.first == UInt8(ascii: "*") {
            if word.count == 1 { return 0 }
            // Steps over days depend on the month.
            guard field == .minute || field == .hour, word.count > 2, word[1] == UInt8(ascii: "/") else { return nil }
            var index = 2
            guard let step = number(word, &index), index == word.count, step > 0 else { return nil }
            return 0
        }
        var largest = 0
        var index = 0
        while true {
            guard let lower = value(word, &index, field), range.contains(lower) else { return nil }
            var upper = lower
            if index < word.count, word[index] == UInt8(ascii: "-") {
                index += 1
                guard let value = value(word, &index, field), range.contains(value), lower <= value else { return nil }
                upper = value
            }
            largest = max(largest, upper)
            if index == word.count { return largest }
            guard word[index] == UInt8(ascii: ",") else { return nil }
            index += 1
        }
    }

    private static func value(
        _ word: UnsafeBufferPointer<UInt8>, _ index: inout Int, _ field: CronField
    ) -> Int? {
        if let number = number(word, &index) { return number }
        guard field == .dayOfWeek, index + 3 <= word.count else { return nil }
        let name = UnsafeBufferPointer(rebasing: word[index..<index + 3])
        guard let place = weekdays.firstIndex(where: { $0.elementsEqual(name) }) else { return nil }
        index += 3
        return place
    }

    private static let weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"].map { Array($0.utf8) }

    /// Of one or two digits.
    private static func number(_ word: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> Int? {
        let start = index
        var value = 0
        while index < word.count, index - start < 2, word[index] >= UInt8(ascii: "0"), word[index] <= UInt8(ascii: "9")
        {
            value = value * 10 + Int(word[index] - UInt8(ascii: "0"))
            index += 1
        }
        return index > start ? value : nil
    }
}

extension CronExpression {
    /// Whether a text is an expression, seen quickly. No tells nothing.
    package static func isPlain(_ text: UnsafeBufferPointer<UInt8>) -> Bool { PlainCron.isSound(text) }
}
