/// The p of each test, made larger for being one of several, in the order given.
///
/// With adjusted p compared with 5 %, the chance of even one false alarm in the family is at most
/// 5 %, however the tests depend on each other: adj₍ᵢ₎ = max over j ≤ i of (m − j + 1) p₍ⱼ₎, at most
/// 1. Source: Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal
/// of Statistics 6, 1979.
package func holmAdjusted(_ p: [Double]) -> [Double] {
  precondition(p.allSatisfy { $0 >= 0 && $0 <= 1 }, "a p lies between 0 and 1")
  var adjusted = p
  var largest = 0.0
  let ascending = p.indices.sorted { (p[$0], $0) < (p[$1], $1) }
  for (position, index) in ascending.enumerated() {
    largest = max(largest, min(1, Double(p.count - position) * p[index]))
    adjusted[index] = largest
  }
  return adjusted
}
