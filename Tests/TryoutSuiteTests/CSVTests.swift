import Testing

@testable import TryoutSuite

struct CSVTests {
  @Test(arguments: [
    ("", []),
    ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
    ("a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
    ("a,b\n,\n", [["a", "b"], ["", ""]]),
    ("a\n\n\"\"\n", [["a"], [""]]),
    ("\"a,b\",\"say \"\"hi\"\"\"\n", [["a,b", "say \"hi\""]]),
    ("\"two\r\nlines\",x\r\n", [["two\r\nlines", "x"]]),
    (" a , b ", [[" a ", " b "]]),
    ("a\rb,c\n", [["a\rb", "c"]]),
    ("ä,😀\n", [["ä", "😀"]]),
    ("a,", [["a", ""]]),
  ])
  func fields(text: String, expected: [[String]]) throws {
    #expect(try CSV.records(in: text).map(\.fields) == expected)
  }

  @Test func linesAreThoseOfTheFile() throws {
    let records = try CSV.records(in: "a\n\"1\n2\"\n\n3\n")
    #expect(records.map(\.line) == [1, 2, 5])
  }

  @Test(arguments: [("a\n\"b", 2), ("a\n\"b\"c", 2), ("a\nb\"c", 2), ("\"a\nb\" ", 2)])
  func malformed(text: String, line: Int) {
    let error = #expect(throws: CSV.Malformed.self) { try CSV.records(in: text) }
    #expect(error?.line == line)
  }
}
