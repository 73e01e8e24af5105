/// Samples that nothing pairs, as scipy 1.17.1 (`mannwhitneyu`) and numpy 2.4.6 compare them.
enum ReferenceUnpaired: String, CaseIterable {
  case noTies, ties, fourAndFour

  struct Expected {
    let u: Double
    let normal: Double
    /// nil where scipy declines to count, because of ties.
    let exact: Double?
    let shift: Double
    let superiority: Double
  }

  // swift-format-ignore
  var x: [Double] {
    switch self {
    case .noTies: [
      583.445, 753.418, 695.744, 736.496, 577.728, 437.454, 553.227, 420.401, 363.298, 437.808,
      333.51, 399.98,
    ]
    case .ties: [
      180, 250, 300, 210, 230, 200, 230, 300, 290, 300,
    ]
    case .fourAndFour: [
      1, 2, 3, 4,
    ]
    }
  }

  // swift-format-ignore
  var y: [Double] {
    switch self {
    case .noTies: [
      724.005, 441.738, 351.551, 616.59, 501.986, 563.071, 1139.271, 913.313, 426.858, 540.832,
      456.528, 551.395, 843.186, 382.443, 804.439,
    ]
    case .ties: [
      200, 250, 380, 200, 220, 320, 390, 300, 260, 270,
    ]
    case .fourAndFour: [
      5, 6, 7, 8,
    ]
    }
  }

  // swift-format-ignore
  var expected: Expected {
    switch self {
    case .noTies: .init(
      u: 69, normal: 0.317166520523123, exact: 0.322857063966231,
      shift: -64.355, superiority: 0.383333333333333)
    case .ties: .init(
      u: 38, normal: 0.381794349089803, exact: nil,
      shift: -20, superiority: 0.38)
    case .fourAndFour: .init(
      u: 0, normal: 0.0303828219765775, exact: 0.0285714285714286,
      shift: -4, superiority: 0)
    }
  }
}
