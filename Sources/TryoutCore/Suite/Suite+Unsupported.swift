extension Suite {
  /// What the suite asks for and this version cannot carry out, a sentence each.
  ///
  /// A run refuses such a suite instead of leaving parts of it out.
  package var unsupported: [String] {
    var sentences: [String] = []
    if recommendation != nil {
      sentences.append("recommend: no default can be recommended yet; remove `recommend`.")
    }
    return sentences
  }
}
