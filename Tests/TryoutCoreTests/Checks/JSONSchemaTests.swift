import Foundation
import Testing
import TryoutCore

struct JSONSchemaTests {
  private func find(_ schema: String, _ answer: String) throws -> Grader.Finding {
    try JSONSchema(schema).examine(answer)
  }

  /// A schema, answers that fit, and answers that do not.
  @Test(
    arguments: [
      ("true", ["1", "null"], []), ("false", [], ["1"]),
      ("{}", ["[]"], ["", "x", "[1,]", "{\"a\":1"]),
      (
        #"{"type":"integer"}"#, ["1", "1.0", "1e2", "-0", "123456789012345678901234567890"],
        ["1.5", "\"1\"", "true"]
      ),
      (#"{"type":["string","null"]}"#, ["null", "\"x\""], ["0"]),
      (#"{"const":1}"#, ["1", "1.0", "10e-1"], ["true", "1.00000000000000000001"]),
      (#"{"const":{"a":[false]}}"#, [#"{"a":[false]}"#], [#"{"a":[0]}"#]),
      (#"{"enum":["é"]}"#, ["\"é\"", "\"\\u00e9\""], ["\"e\\u0301\""]),
      (#"{"multipleOf":0.1}"#, ["0.3", "1e300", "-7"], ["0.35"]),
      (#"{"multipleOf":1e-8}"#, ["12391239123", "0.00000003"], ["0.000000035"]),
      (
        #"{"multipleOf":7}"#, ["700000000000000000000000000007"], ["700000000000000000000000000008"]
      ),
      (
        #"{"maximum":9007199254740992}"#, ["9007199254740992"],
        ["9007199254740993", "9007199254740992.5"]
      ),
      (
        #"{"exclusiveMinimum":-0.5,"exclusiveMaximum":1e2}"#, ["0", "99.999"],
        ["-0.5", "100", "1e400"]
      ),
      (#"{"minLength":2,"maxLength":2}"#, ["\"😀😀\""], ["\"😀\"", "\"abc\""]),
      (#"{"pattern":"^[a-z]+$"}"#, ["\"ab\"", "5"], ["\"AB\""]),
      (
        #"{"uniqueItems":true}"#, ["[1,true,\"1\"]"],
        ["[1,1.0]", "[{\"a\":1,\"b\":2},{\"b\":2,\"a\":1}]"]
      ),
      (
        #"{"required":["a"],"dependentRequired":{"a":["b"]}}"#, [#"{"a":1,"b":2}"#],
        [#"{"a":1}"#, "{}"]
      ),
      (
        #"{"prefixItems":[{"type":"string"}],"items":{"type":"integer"}}"#, [#"["a",1,2]"#, "[]"],
        [#"["a","b"]"#, "[1]"]
      ),
      (
        #"{"contains":{"const":1},"minContains":2,"maxContains":2}"#, ["[1,2,1]"],
        ["[1]", "[1,1,1]"]
      ),
      (
        #"{"properties":{"a":{}},"patternProperties":{"^x":{"type":"integer"}},"additionalProperties":false}"#,
        [#"{"a":"","x1":1}"#], [#"{"b":1}"#, #"{"x":"1"}"#]
      ),
      (#"{"propertyNames":{"maxLength":1}}"#, [#"{"a":1}"#], [#"{"ab":1}"#]),
      (
        #"{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}"#,
        [#"{"a":1,"b":1}"#, #"{"c":1}"#], [#"{"a":1}"#, "{}"]
      ),
      (#"{"oneOf":[{"type":"integer"},{"minimum":2}]}"#, ["1", "2.5"], ["3", "1.5"]),
      (#"{"not":{"type":"null"}}"#, ["1"], ["null"]),
      (
        #"{"allOf":[{"properties":{"a":true}}],"properties":{"b":true},"unevaluatedProperties":false}"#,
        [#"{"a":1,"b":1}"#], [#"{"c":1}"#]
      ),
      (
        #"{"allOf":[{"prefixItems":[true]}],"unevaluatedItems":{"type":"string"}}"#, [#"[1,"a"]"#],
        ["[1,2]"]
      ),
      (
        ##"{"$ref":"#/$defs/n","$defs":{"n":{"type":"object","properties":{"n":{"$ref":"#/$defs/n"}}}}}"##,
        [##"{"n":{"n":{}}}"##], [##"{"n":{"n":1}}"##]
      ),
      (
        ##"{"$ref":"item","$defs":{"i":{"$id":"item","$ref":"#s","$defs":{"s":{"$anchor":"s","type":"string"}}}}}"##,
        ["\"x\""], ["1"]
      ),
      (
        #"{"$ref":"https://json-schema.org/draft/2020-12/schema"}"#, [#"{"minLength":1}"#, "true"],
        [#"{"minLength":-1}"#, "1"]
      ),
      (#"{"format":"email","contentEncoding":"base64"}"#, ["\"no address\""], []),
    ] as [(String, [String], [String])])
  func answersFitOrNot(schema: String, fitting: [String], misfits: [String]) throws {
    for answer in fitting { #expect(try find(schema, answer) == .passed, "\(schema) \(answer)") }
    for answer in misfits {
      guard case .failed(let why) = try find(schema, answer) else {
        Issue.record("\(schema) takes \(answer)")
        continue
      }
      #expect(!why.isEmpty)
    }
  }

  @Test(
    arguments: [
      (
        #"{"properties":{"team":{"enum":["billing","tech"]},"urgency":{"maximum":5}},"required":["team","id"]}"#,
        #"{"team":"sales","urgency":9}"#,
        #""id" is missing; at /team: found "sales", expected one of "billing", "tech"; "#
          + "at /urgency: found 9, expected at most 5"
      ),
      (
        #"{"items":{"type":"string"}}"#, #"["a",{"b":1}]"#,
        "at /1: found an object, expected a string"
      ),
      (#"{"properties":{"a/b\n":false}}"#, #"{"a/b\n":1}"#, #"at /a~1b\n: 1 is not allowed here"#),
      (#"{"type":["string","null"]}"#, "7", "found 7, expected a string or null"),
      (
        #"{"anyOf":[{"type":"string"},{"type":"null"}]}"#, "7",
        "found 7, expected what one of the 2 schemas of anyOf describes"
      ),
      (#"{"maxItems":1}"#, "[1,2]", "found 2 elements, expected at most 1"),
      ("{}", "Sure: {}", "is not JSON"),
    ] as [(String, String, String)])
  func reasonsSayWhereAndWhat(schema: String, answer: String, reason: String) throws {
    #expect(try find(schema, answer) == .failed(reason))
  }

  @Test(
    arguments: [
      ("[", "no JSON", ""), ("[]", "expected an object or true or false", ""),
      (#"{"type":"strin"}"#, "expected one of \"array\"", "/type"),
      (
        #"{"properties":{"a":{"minLength":-1}}}"#, "found -1, expected at least 0",
        "/properties/a/minLength"
      ),
      (#"{"items":[{}]}"#, "items is a list", ""),
      (#"{"$ref":"https://example.com/x"}"#, "leads out of the document", ""),
      (##"{"$ref":"#/$defs/x"}"##, "nothing is at", ""),
      (##"{"properties":{"a":{"$ref":"#b"}}}"##, "nothing is at", "/properties/a"),
      (##"{"$dynamicRef":"#x"}"##, "$dynamicRef is not supported", ""),
      (#"{"$schema":"https://example.com/mine"}"#, "a dialect of its own", ""),
      (##"{"pattern":"(?=a)"}"##, "look-ahead", ""),
      (##"{"$ref":"#"}"##, "refers to itself without end", ""),
      (
        ##"{"$ref":"#/$defs/a","$defs":{"a":{"anyOf":[true,{"not":{"$ref":"#/$defs/a"}}]}}}"##,
        "without end", "/$defs/a"
      ),
      (#"{"multipleOf":1.0000000000000000001}"#, "digits", ""),
    ] as [(String, String, String)])
  func wrongSchemasAreRefused(schema: String, why: String, pointer: String) {
    let (read, remarks) = JSONSchema.read(schema)
    #expect(read == nil)
    #expect(
      remarks.contains { $0.isError && $0.message.contains(why) && $0.pointer == pointer },
      "\(remarks)")
  }

  @Test func allMistakesAreToldAtOnce() {
    let (schema, remarks) = JSONSchema.read(
      ##"{"type":"objet","minimum":"1","properties":{"a":{"pattern":"(?=a)"},"b":{"maxLength":-1},"##
        + ##""c":{"items":[{}]},"d":{"$ref":"#/$defs/x"},"e":5,"f":{"$dynamicRef":"#x"}}}"##)
    #expect(schema == nil)
    #expect(
      remarks.filter(\.isError).map(\.pointer).sorted() == [
        "/minimum", "/properties/a", "/properties/b/maxLength", "/properties/c", "/properties/d",
        "/properties/e", "/properties/f", "/type",
      ], "\(remarks)")
  }

  @Test func unknownKeywordsAreToldAndNothingElse() throws {
    let (schema, remarks) = JSONSchema.read(
      #"{"propertys":{},"properties":{"title":{"typ":"string","title":"x"}},"#
        + #""$schema":"http://json-schema.org/draft-07/schema#"}"#
    )
    #expect(schema != nil)
    #expect(remarks.map(\.unknownKeyword) == ["propertys", nil, "typ"])
    #expect(remarks.map(\.pointer) == ["", "", "/properties/title"])
    #expect(remarks.allSatisfy { !$0.isError })
  }

  /// Neither schemas nor answers make it hang or run out of stack, on a small one too.
  @Test func hostileSchemasAndAnswersEnd() throws {
    let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
    let nested = String(repeating: "{\"n\":", count: 60) + "1" + String(repeating: "}", count: 60)
    // Each level asks the next one twice, so that the leaves would be asked 2^60 times.
    let doubling =
      ##"{"properties":{"n":{"allOf":[{"$ref":"#"},{"$ref":"#"}]}}}"##
    let tree = ##"{"properties":{"n":{"$ref":"#"}}}"##
    let chain = (0..<3_000).map { ##""d\##($0)":{"$ref":"#/$defs/d\##($0 + 1)"}"## }.joined(
      separator: ",")
    let long = "{\"$ref\":\"#/$defs/d0\",\"$defs\":{\(chain),\"d3000\":true}}"
    let slow = #"{"items":{"pattern":"(a|b)*c"}}"#
    let texts =
      "["
      + (0..<50).map { _ in "\"" + String(repeating: "ab", count: 5_000) + "\"" }.joined(
        separator: ",") + "]"
    let findings = try onSmallStack {
      [
        try find("{}", deep), try find(tree, nested), try find(doubling, nested),
        try find(long, "1"),
        try find(slow, texts),
      ]
    }
    #expect(findings[1] == .passed)
    for index in [0, 2, 3] {
      guard case .ungraded = findings[index] else {
        Issue.record("\(index): \(findings[index])")
        continue
      }
    }
    #expect(findings[4] != .passed)
    #expect(JSONSchema.read(deep).schema == nil)
  }

  @Test func schemasAreStoredAsTheirText() throws {
    let schema = try JSONSchema(#" { "type" : "object", "maxProperties": 2.0 } "#)
    #expect(schema.text == #"{"maxProperties":2,"type":"object"}"#)
    let data = try JSONEncoder().encode([schema, schema])
    #expect(try JSONDecoder().decode([JSONSchema].self, from: data) == [schema, schema])
  }

  /// Runs what it is given with the half megabyte of stack that the smallest threads have.
  private func onSmallStack<T: Sendable>(_ body: @escaping @Sendable () throws -> T) throws -> T {
    let done = DispatchSemaphore(value: 0)
    let box = Box<T>()
    let thread = Thread {
      box.result = Result(catching: body)
      done.signal()
    }
    thread.stackSize = 512 << 10
    thread.start()
    done.wait()
    return try #require(box.result).get()
  }

  /// Written before the semaphore is raised and read after.
  private final class Box<T>: @unchecked Sendable {
    var result: Result<T, any Error>?
  }
}
