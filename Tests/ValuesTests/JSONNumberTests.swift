import Testing
import Values

@Suite("JSON numbers")
struct JSONNumberTests {
    @Test(
        arguments: [
            ("0", "0"), ("-0", "0"), ("1.0", "1"), ("10e-1", "1"), ("1E3", "1000"), ("-12.50", "-12.5"),
            ("1e-7", "1e-7"),
            ("0.000001", "0.000001"), ("1e20", "100000000000000000000"), ("1e21", "1e+21"), ("123e-20", "1.23e-18"),
            ("9223372036854775807", "9223372036854775807"), ("-9223372036854775808", "-9223372036854775808"),
            ("9223372036854775808", "9223372036854775808"), ("0.1000", "0.1"),
            ("1.7976931348623157e308", "1.7976931348623157e+308"),
            ("0e999", "0"), ("3.14159265358979323846", "3.14159265358979323846"),
        ])
    func `each value has one exact text`(_ literal: String, _ text: String) throws {
        let number = try #require(JSONNumber(literal: literal))
        #expect(number.text == text)
        #expect(JSONNumber(literal: text) == number)
    }

    @Test(arguments: [
        "", "-", "01", "+1", ".5", "1.", "1e", "1e+", "0x1", "NaN", "Infinity", "1 ", "1e309", "1.8e308", "1e-401",
    ])
    func `what is no number or out of range is none`(_ literal: String) {
        #expect(JSONNumber(literal: literal) == nil)
    }

    @Test func `order is by value, exactly`() {
        let literals = [
            "-1e300", "-1.5", "-1", "0", "1e-300", "0.1", "0.10000000000000000001", "1", "9007199254740993",
            "9007199254740994", "1e300",
        ]
        let numbers = literals.compactMap { JSONNumber(literal: $0) }
        #expect(numbers.count == literals.count)
        for (one, other) in zip(numbers, numbers.dropFirst()) {
            #expect(one < other)
            #expect(!(other < one))
        }
    }

    @Test(
        arguments: [
            ("0.3", "0.1", true), ("0.35", "0.1", false), ("7", "2", false), ("-8", "2", true), ("0", "3", true),
            ("3", "0", false),
            ("1e300", "3", false), ("3e300", "3", true), ("1e308", "0.123456789", false), ("5", "10", false),
            ("4.5", "1.5", true),
            ("123456789012345678901234567890", "12345678901234567890123456789", true),
        ])
    func `multiples are exact`(_ value: String, _ divisor: String, _ isMultiple: Bool) throws {
        let (value, divisor) = (try #require(JSONNumber(literal: value)), try #require(JSONNumber(literal: divisor)))
        #expect(value.isMultiple(of: divisor) == isMultiple)
    }

    @Test func `conversions tell what fits`() throws {
        #expect(JSONNumber(literal: "2.0")?.int == 2)
        #expect(JSONNumber(literal: "2.5")?.int == nil)
        #expect(JSONNumber(literal: "1e30")?.int == nil)
        #expect(JSONNumber(literal: "1e30")?.isInteger == true)
        #expect(JSONNumber(literal: "2.5")?.isInteger == false)
        #expect(JSONNumber(literal: "0.1")?.double == 0.1)
        #expect(JSONNumber(.nan) == nil)
        #expect(JSONNumber(-.infinity) == nil)
        #expect(JSONNumber(0.1)?.text == "0.1")
    }
}
