/// A question in a prompt whose right answer the simulator knows, so that suites have something
/// to check.
enum Knowledge: Equatable {
  /// `exactly: X` asks for X, to the end of the line.
  case exact(String)
  /// A support ticket that is to be put into JSON with a team and an urgency.
  case triage(team: String)
  case capital(city: String)
  /// A sum, a difference or a product of two integers.
  case number(Int)

  /// Finds the first kind of question, in the order of the cases, that the prompt contains.
  init?(prompt: String) {
    let found =
      Self.exactWords(in: prompt).map(Self.exact)
      ?? Self.team(in: prompt).map(Self.triage(team:))
      ?? Self.city(in: prompt).map(Self.capital(city:))
      ?? Self.result(in: prompt).map(Self.number)
    guard let found else { return nil }
    self = found
  }

  var right: String {
    switch self {
    case .exact(let words): words
    case .triage(let team): Self.ticket(team: team)
    case .capital(let city): city
    case .number(let number): String(number)
    }
  }

  /// An answer that looks right and is not.
  func wrong(using randomness: inout Randomness) -> String {
    switch self {
    case .exact:
      return "I would rather not repeat that."
    case .triage(let team):
      let other = randomness.pick(Self.teams.filter { $0 != team })
      let prose = "This ticket should go to the \(team) team and seems fairly urgent."
      return randomness.pick([Self.ticket(team: other), prose])
    case .capital(let city):
      return randomness.pick(Self.capitals.map(\.city).filter { $0 != city })
    case .number(let number):
      let offset = randomness.pick([-10, -2, -1, 1, 2, 10])
      return String(number.addingReportingOverflow(offset).partialValue)
    }
  }
}

extension Knowledge {
  private static let teams = ["billing", "tech", "other"]

  private static let capitals: [(country: String, city: String)] = [
    ("argentina", "Buenos Aires"), ("australia", "Canberra"), ("austria", "Vienna"),
    ("brazil", "Brasília"), ("canada", "Ottawa"), ("chile", "Santiago"), ("china", "Beijing"),
    ("cuba", "Havana"), ("denmark", "Copenhagen"), ("egypt", "Cairo"), ("finland", "Helsinki"),
    ("france", "Paris"), ("germany", "Berlin"), ("ghana", "Accra"), ("greece", "Athens"),
    ("hungary", "Budapest"), ("india", "New Delhi"), ("ireland", "Dublin"), ("italy", "Rome"),
    ("japan", "Tokyo"), ("kenya", "Nairobi"), ("mongolia", "Ulaanbaatar"), ("norway", "Oslo"),
    ("peru", "Lima"), ("poland", "Warsaw"), ("portugal", "Lisbon"), ("spain", "Madrid"),
    ("sweden", "Stockholm"), ("thailand", "Bangkok"), ("turkey", "Ankara"),
  ]

  private static func ticket(team: String) -> String {
    #"{"team": "\#(team)", "urgency": 3}"#
  }

  private static func exactWords(in prompt: String) -> String? {
    guard let match = prompt.firstMatch(of: #/(?i)\bexactly:[ \t]*([^\r\n]*\S)/#) else {
      return nil
    }
    return String(match.1)
  }

  private static func team(in prompt: String) -> String? {
    guard prompt.contains(#/(?i)\bjson\b/#), prompt.contains(#/(?i)\bteam\b/#) else { return nil }
    if prompt.contains(#/(?i)\b(?:charge|invoice|refund)/#) { return "billing" }
    if prompt.contains(#/(?i)\b(?:crash|error|bug|login)/#) { return "tech" }
    return "other"
  }

  private static func city(in prompt: String) -> String? {
    guard let match = prompt.firstMatch(of: #/(?i)\bcapital of (?:the )?(\w+)/#) else { return nil }
    let country = match.1.lowercased()
    return capitals.first { $0.country == country }?.city
  }

  /// A minus needs blanks around it, so that a date or a range is no difference.
  private static func result(in prompt: String) -> Int? {
    let pattern = #/(-?\b\d+)(?:\s*([+*×])\s*|\s+(-)\s+)(-?\d+)\b/#
    guard let match = prompt.firstMatch(of: pattern), let left = Int(match.1),
      let right = Int(match.4)
    else { return nil }
    let (value, overflow) =
      switch match.2 ?? match.3 {
      case "+": left.addingReportingOverflow(right)
      case "-": left.subtractingReportingOverflow(right)
      default: left.multipliedReportingOverflow(by: right)
      }
    return overflow ? nil : value
  }
}
