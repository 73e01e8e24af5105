import Foundation

/// Looks for keys in bytes: those that are known, and whatever looks like one.
///
/// What it finds it names and never repeats.
package struct SecretSearch: Sendable {
  /// One place with what stands there.
  package struct Finding: Sendable, Equatable {
    package var offset: Int
    /// Such as `the key in OPENAI_API_KEY` or `looks like a key (sk-…)`.
    package var what: String
  }

  /// No key is longer; bytes that are searched piece by piece overlap by so many.
  package static let longest = 1024

  private let keys: [(name: String, value: [UInt8])]

  /// Each is also looked for as URLs, JSON and base64 have it.
  ///
  /// Values of fewer than eight bytes are placeholders, which stand in texts by right.
  package init(keys: [(name: String, value: String)]) {
    self.keys = keys.flatMap { key in
      KeyDisguise.forms(of: key.value).map { (key.name, Array($0.utf8)) }
    }.filter { $0.1.count >= 8 }
  }

  /// Every place of a known key, and of what looks like one and is none of those.
  package func findings(in bytes: UnsafeRawBufferPointer) -> [Finding] {
    var found: [Finding] = []
    var known: [Range<Int>] = []
    for (name, value) in keys {
      var start = 0
      while let place = bytes.firstPlace(of: value, from: start) {
        found.append(Finding(offset: place.lowerBound, what: "the key in \(name)"))
        known.append(place)
        start = place.upperBound
      }
    }
    for (place, prefix) in KeyShape.places(in: bytes) where !known.contains(where: place.overlaps) {
      let shape = KeyShape.prefixes[prefix]
      found.append(Finding(offset: place.lowerBound, what: "looks like a key (\(shape)…)"))
    }
    return found.sorted { $0.offset < $1.offset }
  }
}

extension UnsafeRawBufferPointer {
  /// The first place of some bytes at or behind an offset.
  func firstPlace(of needle: [UInt8], from start: Int) -> Range<Int>? {
    guard let base = baseAddress, let first = needle.first else { return nil }
    var offset = start
    while count - offset >= needle.count,
      let hit = memchr(base + offset, Int32(first), count - offset - needle.count + 1)
    {
      let place = UnsafeRawPointer(hit) - base
      if memcmp(hit, needle, needle.count) == 0 { return place..<(place + needle.count) }
      offset = place + 1
    }
    return nil
  }
}
