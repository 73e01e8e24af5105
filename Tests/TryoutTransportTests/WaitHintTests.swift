import Testing
import TryoutCore

@testable import TryoutTransport

struct WaitHintTests {
  /// Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110.
  private static let now = 784_111_777.0

  private func wait(_ fields: [String: String], body: String? = nil) throws -> Double? {
    let error = try body.flatMap { ProviderError(try JSON(parsing: $0.utf8)) }
    return WaitHint(
      head: ResponseHead(status: 429, fields: fields),
      error: error,
      failure: .rateMinute,
      now: Self.now
    ).wait?.inSeconds
  }

  @Test(
    arguments: [
      (["retry-after": "30"], 30.0),
      (["retry-after": "1.5"], 1.5),
      (["retry-after": "Sun, 06 Nov 1994 08:50:07 GMT"], 30),
      // The server's clock is ten seconds behind ours.
      (
        ["retry-after": "Sun, 06 Nov 1994 08:50:07 GMT", "date": "Sun, 06 Nov 1994 08:49:27 GMT"],
        40
      ),
      (["retry-after-ms": "250"], 0.25),
      (["retry-after": "1", "retry-after-ms": "0"], 1),
      (["retry-after": "1", "retry-after-ms": "2500"], 2.5),
      (["retry-after": "0"], nil),
      (["retry-after": "3", "retry-after-ms": "nan"], 3),
      (["retry-after": "3", "retry-after-ms": "inf"], 3),
      (["retry-after": "-5"], nil),
      (["retry-after": "soon"], nil),
      (["retry-after": "Sunday, 06-Nov-94 08:50:07 GMT"], 30),
      (["retry-after": "Sun Nov  6 08:50:07 1994"], 30),
      (["x-ratelimit-reset": "784111800000"], 23),
      (["x-ratelimit-reset": "784111800000000000"], 23),
      (["x-ratelimit-reset": "Sun, 06 Nov 1994 08:49:57 GMT"], 20),
      (["x-ratelimit-reset": "20"], 20),
      (["x-ratelimit-reset": "6m0s"], 360),
      (["x-ratelimit-reset": "1994-11-06T08:49:47Z"], 10),
      (["x-ratelimit-reset": "1994-11-06T08:49:47.250Z"], 10),
      (["x-ratelimit-reset": "20", "x-ratelimit-remaining": "0"], 20),
      (["x-ratelimit-reset": "20", "x-ratelimit-remaining": "3"], nil),
      (["x-ratelimit-reset-tokens": "6m0s"], nil),
      (["x-ratelimit-reset-tokens": "6m0s", "x-ratelimit-remaining-tokens": "0"], 360),
      (
        [
          "x-ratelimit-reset-requests": "12ms", "x-ratelimit-remaining-requests": "0",
          "retry-after": "2",
        ], 2
      ),
      (
        [
          "anthropic-ratelimit-requests-reset": "1994-11-06T08:49:47Z",
          "anthropic-ratelimit-requests-remaining": "0",
        ], 10
      ),
      ([:], nil),
    ] as [([String: String], Double?)]
  )
  func headers(fields: [String: String], seconds: Double?) throws {
    #expect(try wait(fields) == seconds)
  }

  @Test(
    arguments: [
      (
        #"""
        {"error":{"message":"x","metadata":{"headers":{"X-RateLimit-Remaining":"0",
        "X-RateLimit-Reset":"784111800000"}}}}
        """#,
        23.0
      ),
      (#"{"error":{"message":"x","metadata":{"headers":{"X-RateLimit-Reset":"1000"}}}}"#, 1000),
      (
        #"{"error":{"message":"x","availability":{"code":"capacity_exhausted","retry_after":7}}}"#,
        7
      ),
      (#"[{"error":{"message":"x","details":[{"@type":"x"},{"retryDelay":"48.5s"}]}}]"#, 48.5),
      (
        #"{"error":{"message":"x","metadata":{"headers":{"X-RateLimit-Reset":"784111000000"}}}}"#,
        nil
      ),
      (#"{"error":"x"}"#, nil),
    ] as [(String, Double?)]
  )
  func bodies(body: String, seconds: Double?) throws {
    #expect(try wait([:], body: body) == seconds)
  }

  /// Ten seconds have passed since the headers came.
  @Test(
    arguments: [
      (["x-ratelimit-remaining": "0", "x-ratelimit-reset": "20"], 10.0),
      (["x-ratelimit-remaining": "0", "x-ratelimit-reset": "784111800000"], 23),
      (
        [
          "x-ratelimit-remaining": "0", "x-ratelimit-reset": "784111800000",
          "date": "Sun, 06 Nov 1994 08:49:37 GMT",
        ], 13
      ),
      (["x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "1m0s"], 50),
      (
        [
          "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "20",
          "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "30",
        ], 20
      ),
      (["x-ratelimit-remaining-req-minute": "0", "x-ratelimit-limit-req-minute": "60"], 50),
      (["x-ratelimit-remaining-req-minute": "0", "x-ratelimit-limit-req-minute": "0"], nil),
      (["x-ratelimit-remaining-req-minute": "1"], nil),
      (
        [
          "anthropic-ratelimit-requests-remaining": "0",
          "anthropic-ratelimit-requests-reset": "1994-11-06T08:49:47Z",
        ], 10
      ),
      (["x-ratelimit-remaining": "0", "x-ratelimit-reset": "9"], nil),
      (["x-ratelimit-remaining": "1", "x-ratelimit-reset": "20"], nil),
      (["x-ratelimit-reset": "20"], nil), (["retry-after": "20"], nil), ([:], nil),
    ] as [([String: String], Double?)]
  )
  func answers(fields: [String: String], seconds: Double?) {
    let head = ResponseHead(status: 200, fields: fields)
    let hint = WaitHint(head: head, error: nil, failure: nil, now: Self.now, age: 10)
    #expect(hint.refill?.inSeconds == seconds)
    #expect(hint.wait == nil)
  }

  /// Beside a failure that is about no rate, an empty bucket holds the limit, and not the sample alone.
  @Test(
    arguments: [
      (429, .rateMinute, 30, nil), (429, .rateUpstream, 30, nil), (500, .server, 5, 30),
      (400, .badRequest, 5, 30), (200, .empty, nil, 30), (200, .timeoutTotal, nil, 30),
    ] as [(Int, FailureKind, Double?, Double?)]
  )
  func failures(status: Int, failure: FailureKind, wait: Double?, refill: Double?) {
    let fields = [
      "retry-after": "5", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "30",
    ]
    let hint = WaitHint(
      head: ResponseHead(status: status, fields: fields), error: nil, failure: failure,
      now: Self.now)
    #expect(hint.wait?.inSeconds == wait)
    #expect(hint.refill?.inSeconds == refill)
  }

  @Test func theLongestOfAllHintsCounts() throws {
    let body = #"{"error":{"message":"x","availability":{"retry_after":7}}}"#
    #expect(try wait(["retry-after": "3"], body: body) == 7)
    #expect(try wait(["retry-after": "9"], body: body) == 9)
  }

  @Test(
    arguments: [
      ("12ms", 0.012), ("6m0s", 360), ("1h2m3.5s", 3723.5), ("0s", 0), ("", nil), ("5", nil),
      ("5x", nil), ("s", nil),
    ] as [(String, Double?)]
  )
  func durationsAsGoWritesThem(text: String, seconds: Double?) {
    #expect(WaitHint.goDuration(text) == seconds)
  }

  /// A reset in epoch seconds, in milliseconds, or in seconds from now.
  @Test(arguments: [("1700000060", 60.0), ("1700000060000", 60), ("60", 60)])
  func resetsByTheirMagnitude(text: String, seconds: Double) {
    #expect(WaitHint.seconds(text, now: 1_700_000_000) == seconds)
  }
}
