import Testing
import TryoutCore
import TryoutReport

struct FormatTests {
  @Test(arguments: [
    (1.24, Metric.Unit.seconds, "1.24 s"), (0.312, .seconds, "312 ms"), (0, .seconds, "0 ms"),
    (0.9996, .seconds, "1.00 s"), (0.9994, .seconds, "999 ms"), (9.996, .seconds, "10.0 s"),
    (12.34, .seconds, "12.3 s"), (1243.4, .seconds, "1243 s"), (0.000_25, .seconds, "250 µs"),
    (0.967, .share, "96.7 %"), (1, .share, "100.0 %"), (0, .share, "0.0 %"),
    (0.9999, .share, "99.99 %"), (0.000_02, .share, "0.002 %"),
    (0, .usd, "$0.00"), (0.0123, .usd, "$0.0123"), (12.345, .usd, "$12.35"), (3, .usd, "$3.00"),
    (0.000_001_23, .usd, "$0.00000123"), (52.345, .tokensPerSecond, "52.3 tok/s"),
    (1.0834, .ratio, "1.08×"), (412, .tokens, "412 tokens"),
  ])
  func quantity(value: Double, unit: Metric.Unit, text: String) {
    #expect(Format.quantity(value, unit) == text)
  }

  // From GNU date: `date -u -d @SECONDS +%FT%TZ`.
  @Test(arguments: [
    (0, "1970-01-01T00:00:00Z"), (1_795_401_000, "2026-11-23T02:30:00Z"),
    (951_782_399, "2000-02-28T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
    (4_107_542_400, "2100-03-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
  ])
  func instant(seconds: Int64, text: String) {
    #expect(Format.instant(seconds * 1_000_000_000) == text)
    #expect(
      Format.instant(seconds * 1_000_000_000 + 7_000_000, milliseconds: true)
        == text.dropLast() + ".007Z"
    )
  }

  @Test(arguments: [
    (Int64(0), "0"), (1, "0.000001"), (250_000, "0.25"), (1_240_000_000, "1240"),
    (-1_500_000, "-1.5"), (1_000_001, "1.000001"),
  ])
  func milliseconds(nanoseconds: Int64, text: String) {
    #expect(Format.milliseconds(nanoseconds) == text)
  }
}
