import TryoutCore

/// Figures in rows and columns with references to footnotes, before any medium has shaped them.
struct Table: Equatable {
  enum Alignment { case left, right }

  struct Column: Equatable {
    let title: String
    let alignment: Alignment
    /// Neighbours with the same number stay together where a table is too wide for its medium.
    let group: Int

    init(_ title: String, _ alignment: Alignment = .right, group: Int = 0) {
      self.title = title
      self.alignment = alignment
      self.group = group
    }
  }

  let title: String
  let columns: [Column]
  var rows: [[Cell]] = []
  /// Rows that the medium had no room for.
  var omitted = 0
}

/// One figure or name; its text may be foreign and is not yet escaped.
struct Cell: Equatable {
  var text: String
  /// The interval beside an estimate: our own digits, brackets and commas.
  var detail = ""
  var notes: [Int] = []
  /// The time that is written, for media that can draw it.
  var time: MetricEstimate?
  var isEmphasised = false
  var tone = Tone.plain

  init(_ text: String, detail: String = "", notes: [Int] = [], tone: Tone = .plain) {
    self.text = text
    self.detail = detail
    self.notes = notes
    self.tone = tone
  }

  /// The numbers of its footnotes as raised digits: `¹,³`.
  var marks: String {
    notes.sorted().map(Cell.raised).joined(separator: ",")
  }

  static func raised(_ number: Int) -> String {
    let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    return String(String(number).compactMap(\.wholeNumberValue).map { digits[$0] })
  }
}

/// What a word means to the reader, for media that have colours.
enum Tone {
  case plain, good, bad, doubtful
}

/// Notes numbered in the order in which they are first referred to; equal ones share a number.
struct Footnotes: Equatable {
  private(set) var texts: [String] = []

  /// The number of a note, which it gets when it is new.
  mutating func number(_ text: String) -> Int {
    if let index = texts.firstIndex(of: text) { return index + 1 }
    texts.append(text)
    return texts.count
  }
}
