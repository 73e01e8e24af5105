import Testing
import TryoutCore

@testable import TryoutSuite

struct UnitsTests {
  @Test(arguments: [
    ("8s", Duration.seconds(8)), ("250ms", .milliseconds(250)), ("0.1s", .milliseconds(100)),
    ("1.5m", .seconds(90)), ("5min", .seconds(300)), ("2h", .seconds(7200)),
    ("0.5ms", .microseconds(500)), ("0s", .zero), ("87600h", .seconds(315_360_000)),
  ])
  func durations(text: String, expected: Duration) {
    #expect(Units.duration(text) == expected)
  }

  @Test(arguments: [
    "8", "", "s", "-8s", "8 s", "8S", "1m30s", "1:30", "1e3s", ".5s", "5.s", "1.2.3s", "٣s",
    "99999999999999h", "8d", "8us",
  ])
  func textsThatAreNoDuration(text: String) {
    #expect(Units.duration(text) == nil)
  }

  @Test(arguments: [
    ("600", 600), ("200k", 200_000), ("1M", 1_000_000), ("1.5k", 1500), ("0", 0),
  ])
  func counts(text: String, expected: Int) {
    #expect(Units.count(text) == expected)
  }

  @Test(arguments: ["1.5", "1K", "1m", "-1", "k", "1e3", "99999999999999999999", "1.0005k"])
  func textsThatAreNoCount(text: String) {
    #expect(Units.count(text) == nil)
  }

  @Test(arguments: [
    ("15/min", Limit.Window(.requests, 15, per: .minute)),
    ("1000/day", Limit.Window(.requests, 1000, per: .day)),
    ("200k/h", Limit.Window(.requests, 200_000, per: .hour)),
    ("5/s", Limit.Window(.requests, 5, per: .second)),
  ])
  func windows(text: String, expected: Limit.Window) {
    #expect(Units.window(text, of: .requests) == expected)
  }

  @Test(arguments: ["15", "15/", "/min", "0/min", "15/m", "15/min/day", "1.5/min", "15 / min"])
  func textsThatAreNoWindow(text: String) {
    #expect(Units.window(text, of: .tokens) == nil)
  }

  @Test func rates() {
    #expect(Units.rate("5/s") == 5)
    #expect(Units.rate("0.5/s") == 0.5)
    #expect(Units.rate("90/min") == 1.5)
    #expect(Units.rate("0/s") == nil)
    #expect(Units.rate("5k/s") == nil)
    #expect(Units.rate("1000000000/s") == 1e9)
    #expect(Units.rate("1000000001/s") == nil)
    #expect(Units.rate("9223372036854775807/min") == nil)
  }

  @Test func sharesAndRatios() {
    #expect(Units.share("95%") == 0.95)
    #expect(Units.share("0.95") == 0.95)
    #expect(Units.share("1") == 1)
    #expect(Units.share("95") == nil)
    #expect(Units.share("101%") == nil)
    #expect(Units.share("-1%") == nil)
    #expect(Units.share("%") == nil)
    #expect(Units.ratio("1.10x") == 1.1)
    #expect(Units.ratio("1.10") == nil)
    #expect(Units.ratio("0x") == nil)
  }

  @Test func ranges() {
    #expect(Units.range("1s..60s") == .seconds(1)...Duration.seconds(60))
    #expect(Units.range("0s..0s") == .zero...Duration.zero)
    #expect(Units.range("500ms..1m") == .milliseconds(500)...Duration.seconds(60))
    #expect(Units.range("60s..1s") == nil)
    #expect(Units.range("1..60s") == nil)
    #expect(Units.range("1s") == nil)
  }

  @Test(arguments: ["0x10", "nan", "inf", "1_000", "", "e5", "1e999", "--1", "1,5"])
  func textsThatAreNoNumber(text: String) {
    #expect(Units.number(text) == nil)
  }

  @Test func numbers() {
    #expect(Units.number("0.15") == 0.15)
    #expect(Units.number("-2e3") == -2000)
    #expect(Units.number(".5") == 0.5)
  }
}
