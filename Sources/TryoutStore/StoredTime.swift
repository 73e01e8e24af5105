/// Times as a file has them that anybody may have written to: sums and differences of a few of them must not overflow.
extension Int64 {
  /// As nanoseconds since 1970, of which there are enough until the year 2116.
  var asMoment: Int64 { Swift.min(Swift.max(self, 0), 1 << 62) }

  /// As nanoseconds from one moment to another, 18 years at most.
  var asSpan: Int64 { Swift.min(Swift.max(self, -1 << 59), 1 << 59) }
}
