import Synchronization

/// The visible text of one streamed answer as far as it has come, for whoever wants to read along.
///
/// The engine's thread copies what a read brought, after the read was stamped; whoever reads along looks when it suits
/// them. So what is shown, and how slowly, is no part of any measurement.
package final class LiveText: Sendable {
  fileprivate struct State {
    var bytes: [UInt8] = []
    var key: [UInt8] = []
  }

  private let state = Mutex(State())

  package init() {}

  /// Keeps a key out of what is shown, where a server sends it back.
  func hide(_ key: String?) { state.withLock { $0.key = Array((key ?? "").utf8) } }

  /// Adds the next bytes of UTF-8, which may end within a character.
  func add(_ next: ArraySlice<UInt8>) { state.withLock { $0.bytes.append(contentsOf: next) } }

  /// What came since the last call, without what may be half a character or half a key; at the end all of it.
  package func take(isEnd: Bool = false) -> String {
    state.withLock { state in
      if !state.key.isEmpty {
        while let place = state.bytes.firstRange(of: state.key) {
          state.bytes.replaceSubrange(place, with: Array("[key]".utf8))
        }
      }
      let end = isEnd ? state.bytes.count : state.safeEnd
      let text = String(repairing: Array(state.bytes[..<end]))
      state.bytes.removeFirst(end)
      return text
    }
  }
}

private extension LiveText.State {
  /// Where whole characters end of which none can belong to the key.
  var safeEnd: Int {
    var end = bytes.count
    for length in stride(from: min(key.count - 1, bytes.count), to: 0, by: -1)
    where bytes.suffix(length).elementsEqual(key.prefix(length)) {
      end -= length
      break
    }
    guard let start = bytes[..<end].suffix(4).lastIndex(where: { $0 & 0xC0 != 0x80 }) else {
      return end
    }
    let length = max(1, (~bytes[start]).leadingZeroBitCount)
    return start + length > end ? start : end
  }
}
