/// Pairs whose comparison the tests know from scipy 1.17.1 (numpy 2.4.6): `wilcoxon` on the
/// differences; the Hodges–Lehmann numbers from all averages of pairs and exact counts.
enum ReferencePairs: String, CaseIterable {
  case tenPairs, noDifference, zerosAndTies, sixOneWay, fiveOneWay

  struct RankTest {
    let zeros: Int
    let above: Double
    let below: Double
    /// nil where scipy declines to count, because of zeros or ties.
    let exact: Double?
    let normal: Double
    let normalContinuity: Double
  }

  struct Location {
    let estimate: Double
    let low: Double?
    let high: Double?
    let confidence: Double
  }

  var differences: [Double] { zip(head, base).map { $0 - $1 } }

  // swift-format-ignore
  var head: [Double] {
    switch self {
    case .tenPairs: [
      795.791, 1312.406, 1048.419, 814.811, 1694.548, 750.622, 921.06, 653.685, 738.354, 529.103,
    ]
    case .noDifference: [
      1802.121, 1941.656, 1255.184, 1206.163, 773.591, 864.578, 355.301, 3824.27, 706.838, 785.605,
      1002.175, 1661.21, 345.412, 431.569, 190.252, 1019.078, 3261.125, 1311.916, 178.286, 468.409,
      222.423, 1565.381, 1621.994, 278.61, 810.593, 495.522, 359.672, 667.904, 453.182, 1048.907,
    ]
    case .zerosAndTies: [
      370, 300, 380, 390, 400, 460, 320, 250, 290, 480, 240, 200, 430, 250, 400, 440, 250, 410,
      410, 240, 250, 350, 310, 450,
    ]
    case .sixOneWay: [
      110, 205, 330, 420, 515, 640,
    ]
    case .fiveOneWay: [
      110, 205, 330, 420, 515,
    ]
    }
  }

  // swift-format-ignore
  var base: [Double] {
    switch self {
    case .tenPairs: [
      730.729, 1235.614, 946.79, 780.027, 1504.993, 730.655, 804.508, 646.99, 634.262, 532.485,
    ]
    case .noDifference: [
      1407.738, 1874.9, 1345.7, 1042.566, 853.167, 807.706, 338.921, 2834.92, 699.995, 800.597,
      1047.455, 1650.662, 302.543, 442.224, 244.819, 932.232, 3168.784, 1381.513, 232.663, 516.482,
      229.637, 1332.463, 1535.65, 270.912, 813.43, 429.971, 441.713, 835.231, 474.082, 896.456,
    ]
    case .zerosAndTies: [
      360, 310, 360, 350, 390, 440, 340, 240, 270, 480, 240, 200, 390, 230, 400, 440, 270, 410,
      380, 200, 260, 340, 290, 440,
    ]
    case .sixOneWay: [
      100, 200, 300, 400, 500, 600,
    ]
    case .fiveOneWay: [
      100, 200, 300, 400, 500,
    ]
    }
  }

  // swift-format-ignore
  var rankTest: RankTest {
    switch self {
    case .tenPairs: .init(
      zeros: 0, above: 54, below: 1, exact: 0.00390625,
      normal: 0.0069104298078148, normalContinuity: 0.0080452374865617)
    case .noDifference: .init(
      zeros: 0, above: 282, below: 183, exact: 0.318396080285311,
      normal: 0.308614850526018, normalContinuity: 0.313527136744955)
    case .zerosAndTies: .init(
      zeros: 6, above: 141, below: 30, exact: nil,
      normal: 0.0142467017575617, normalContinuity: 0.0151446574453853)
    case .sixOneWay: .init(
      zeros: 0, above: 21, below: 0, exact: 0.03125,
      normal: 0.0277078493580799, normalContinuity: 0.0360316862182336)
    case .fiveOneWay: .init(
      zeros: 0, above: 15, below: 0, exact: 0.0625,
      normal: 0.0431144467830754, normalContinuity: 0.0590582290905367)
    }
  }

  // swift-format-ignore
  var difference: Location {
    switch self {
    case .tenPairs: .init(
      estimate: 68.2065000000001, low: 27.3755, high: 110.322,
      confidence: 0.951171875)
    case .noDifference: .init(
      estimate: 17.986, low: -15.8465, high: 66.1534999999999,
      confidence: 0.950289878994226)
    case .zerosAndTies: .init(
      estimate: 10, low: 0, high: 20,
      confidence: 0.950938820838928)
    case .sixOneWay: .init(
      estimate: 20, low: 5, high: 40,
      confidence: 0.96875)
    case .fiveOneWay: .init(
      estimate: 15, low: nil, high: nil,
      confidence: 1)
    }
  }

  // swift-format-ignore
  var ratio: Location {
    switch self {
    case .tenPairs: .init(
      estimate: 1.07550945854467, low: 1.02732797920072, high: 1.12595052985169,
      confidence: 0.951171875)
    case .noDifference: .init(
      estimate: 1.00977578411274, low: 0.962660185020114, high: 1.05931326576394,
      confidence: 0.950289878994226)
    case .zerosAndTies: .init(
      estimate: 1.02740233382816, low: 1.0026189481776, high: 1.05409255338946,
      confidence: 0.950938820838928)
    case .sixOneWay: .init(
      estimate: 1.06183802907977, low: 1.025, high: 1.1,
      confidence: 0.96875)
    case .fiveOneWay: .init(
      estimate: 1.06183802907977, low: nil, high: nil,
      confidence: 1)
    }
  }
}
