import Testing

@testable import Server

@Suite struct HTTPDateTests {
    @Test(arguments: [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (951_827_696, "Tue, 29 Feb 2000 12:34:56 GMT"), (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 GMT"),
    ])
    func `writes the time as RFC 9110 has it`(second: Int, text: String) {
        #expect(HTTPDate.text(of: second) == text)
    }

    @Test func `the time now is one of a second that passes`() {
        let now = HTTPDate.now
        #expect(now.hasSuffix(" GMT") && now.utf8.count == 29)
    }
}
