/// One schema as it is carried out: conditions that refer to other schemas by their places in `JSONSchema.nodes`.
///
/// References are places too, so that schemas which contain themselves are ordinary values.
struct SchemaNode: Sendable {
  /// In the order in which they are looked at; those about what nothing else has evaluated come last.
  var conditions: [Condition] = []

  enum Condition: Sendable {
    /// `true` and `false`.
    case always(Bool)
    case kinds([ExactJSON.Kind])
    case values([ExactJSON])
    case multiple(of: ExactNumber)
    case bound(Bound, ExactNumber)
    case size(Size, least: Int, most: Int)
    case pattern(Pattern)
    case unique
    case required([ExactText])
    case requiredWith(ExactText, [ExactText])
    // At the same place.
    case reference(Int)
    case all([Int])
    case any([Int])
    case one([Int])
    case not(Int)
    case choice(test: Int, then: Int?, otherwise: Int?)
    case when(ExactText, Int)
    // One level further down.
    case items(first: [Int], rest: Int?)
    case contains(Int, least: Int, most: Int)
    case members([ExactText: Int], patterns: [(Pattern, Int)], rest: Int?)
    case names(Int)
    case unevaluatedItems(Int)
    case unevaluatedMembers(Int)
  }

  enum Bound: Sendable { case atLeast, atMost, above, below }

  /// What is counted: scalars, elements, members.
  enum Size: String, Sendable { case letters, elements, members }

  /// The schemas that judge the same value.
  var inPlace: [Int] {
    conditions.flatMap { condition -> [Int] in
      switch condition {
      case .reference(let node), .not(let node), .when(_, let node): [node]
      case .all(let nodes), .any(let nodes), .one(let nodes): nodes
      case .choice(let test, let then, let otherwise): [test, then, otherwise].compactMap { $0 }
      default: []
      }
    }
  }
}
