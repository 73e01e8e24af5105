extension Duration {
  /// Whole nanoseconds; saturates beyond 292 years.
  package var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, overflows) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
    return overflow || overflows ? (seconds < 0 ? .min : .max) : sum
  }

  /// Seconds as a floating-point number.
  package var inSeconds: Double { Double(nanoseconds) / 1e9 }

  /// A short text for people: `850ms`, `8s`, `2m 5s`, `1h 0m`.
  package var brief: String {
    let milliseconds = nanoseconds / 1_000_000
    let seconds = (milliseconds + 500) / 1000
    return switch milliseconds {
    case ..<1000: "\(milliseconds)ms"
    case ..<10_000 where milliseconds % 1000 != 0:
      "\(milliseconds / 100 / 10).\(milliseconds / 100 % 10)s"
    case ..<59_500: "\(seconds)s"
    case ..<3_599_500: "\(seconds / 60)m \(seconds % 60)s"
    default: "\(seconds / 3600)h \(seconds / 60 % 60)m"
    }
  }
}
