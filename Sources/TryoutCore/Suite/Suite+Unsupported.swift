extension Suite {
  /// What the suite asks for and this version cannot carry out, a sentence each.
  ///
  /// A run refuses such a suite instead of leaving parts of it out.
  package var unsupported: [String] {
    var sentences: [String] = []
    for format in reportFormats where format == "html" || format == "junit" {
      sentences.append("report.formats: `\(format)` cannot be written yet; remove it.")
    }
    return sentences
  }
}
