import TryoutCore

/// A prompt with where it is written, for the diagnostics about its variables.
struct WrittenPrompt {
  var prompt: Prompt
  var place: Place
}

extension Reader {
  mutating func readPrompts(_ cursor: Cursor?) {
    guard let list = cursor?.list("at least one prompt", mayBeEmpty: false) else {
      promptNames.isComplete = false
      return
    }
    for (index, element) in list.enumerated() {
      let prompt = readPrompt(element, id: "prompt-\(index + 1)")
      promptNames.declare(prompt.id, at: element.place, collector: collector)
      prompts.append(WrittenPrompt(prompt: prompt, place: element.place))
    }
  }

  /// The template of a text; warns of braces in it that were probably meant as a place.
  private func template(_ text: String, at cursor: Cursor) -> Template {
    let template = Template(text)
    for stray in template.strays {
      cursor.warning(
        "\(quoted(stray)) in \(cursor.path) is no place, and is sent as it stands",
        advice: "a place is written {{ name }}; template: none says that every brace is meant")
    }
    return template
  }

  /// A prompt that cannot be read keeps its id, so that references to it hold.
  private func readPrompt(_ cursor: Cursor, id: String) -> Prompt {
    var prompt = Prompt(id: id, user: Template(literal: ""))
    let expected = "a text, or a map with user or file"
    guard cursor.isMap else {
      cursor.text(expected, mayBeEmpty: false).map { prompt.user = self.template($0, at: cursor) }
      return prompt
    }
    guard let fields = cursor.fields(["id", "system", "user", "file", "template"]) else {
      return prompt
    }
    prompt.id = fields["id"]?.identifier() ?? id
    let isLiteral = fields["template"]?.choice(among: ["none"]) != nil
    func template(_ text: String) -> Template {
      isLiteral ? Template(literal: text) : self.template(text, at: cursor)
    }
    prompt.system = fields["system"]?.text("text", mayBeEmpty: false).map(template)
    switch (fields["user"], fields["file"]) {
    case (let user?, nil):
      user.text("text", mayBeEmpty: false).map { prompt.user = template($0) }
    case (nil, let file?):
      guard let text = folder.text(of: file)?.text else { break }
      if text.allSatisfy(\.isWhitespace) {
        file.error("the file of \(cursor.path) is empty", expected: "text")
      }
      prompt.user = template(text)
    case (_?, let file?):
      file.error("\(cursor.path) has both user and file", expected: "one of them")
    case (nil, nil):
      cursor.error("\(cursor.path) has no text", expected: "user: TEXT or file: PATH")
    }
    return prompt
  }
}
