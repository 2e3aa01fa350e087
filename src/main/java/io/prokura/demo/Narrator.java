package io.prokura.demo;

import io.prokura.cli.Answer;
import io.prokura.cli.Text;
import io.prokura.json.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Tells the story on a terminal, and counts the steps that held.
final class Narrator {
  private static final int WIDTH = 96;
  private static final String MARGIN = "   ";

  private final PrintWriter out;
  private final Style style;
  private final Abridged abridged = new Abridged();
  private int begun;

  /// How the terminal wants it.
  ///
  /// @param colour whether it understands colours
  /// @param unicode whether it shows more than ASCII
  record Style(boolean colour, boolean unicode) {}

  private enum Tone {
    TITLE("1;36"),
    WHO("1"),
    FAINT("2"),
    GOOD("32"),
    BAD("1;31");

    private final String code;

    Tone(String code) {
      this.code = code;
    }
  }

  Narrator(PrintWriter out, Style style) {
    this.out = out;
    this.style = style;
  }

  /// The steps that were begun and did not fail before the next one began.
  int held() {
    return Math.max(0, begun - 1);
  }

  /// Begins a step: its number, what happens, and why it matters.
  void step(int number, String title, String why) {
    begun = number;
    print("");
    print(tone(Tone.TITLE, "── " + number + " · " + title + " " + line(title, number)));
    paragraph(why);
  }

  private static String line(String title, int number) {
    return "─".repeat(Math.max(3, WIDTH - title.length() - String.valueOf(number).length() - 7));
  }

  /// A heading of its own, before the first step and after the last.
  void heading(String title) {
    print("");
    print(tone(Tone.TITLE, title));
  }

  /// All steps that were begun held.
  void end() {
    begun++;
  }

  /// Prints a paragraph, wrapped.
  void paragraph(String text) {
    for (var line : wrapped(abridged.text(text), WIDTH - MARGIN.length())) {
      print(MARGIN + line);
    }
  }

  /// From now on this id is shown with a name.
  void name(String id, String name) {
    abridged.name(id, name);
  }

  /// What somebody sends.
  void sent(String who, String to, Json.Obj body) {
    print("");
    print(MARGIN + tone(Tone.WHO, who) + " → " + abridged.text(to));
    if (!body.members().isEmpty()) {
      block(body);
    }
  }

  /// What came back; `shown` names the members that are worth showing, all when none is named.
  void received(Answer answer, String... shown) {
    var status = String.valueOf(answer.status());
    var body = answer.object().map(object -> picked(object, List.of(shown)));
    print(MARGIN + "← " + tone(answer.isSuccess() ? Tone.GOOD : Tone.BAD, status));
    body.ifPresent(this::block);
  }

  /// What came of a call of a tool.
  void received(ToolAnswer answer) {
    var tone = answer.isDone() ? Tone.GOOD : Tone.BAD;
    switch (answer) {
      case ToolAnswer.Result(var isError, var content, _) -> {
        print(MARGIN + "← " + tone(tone, isError ? "tool error" : "result"));
        block(content);
      }
      case ToolAnswer.Challenged challenged -> {
        print(MARGIN + "← " + tone(tone, challenged.status() + " WWW-Authenticate"));
        block(challenged.parameters());
      }
    }
  }

  /// Something made of JSON that is neither sent nor received, such as the claims of a token.
  void shows(String what, Json.Obj object, String... shown) {
    print(MARGIN + tone(Tone.WHO, what));
    block(picked(object, List.of(shown)));
  }

  private static Json.Obj picked(Json.Obj object, List<String> names) {
    if (names.isEmpty()) {
      return object;
    }
    var some = Json.object();
    names.forEach(name -> object.get(name).ifPresent(value -> some.put(name, value)));
    return some.build();
  }

  private void block(Json.Obj object) {
    for (var line : Text.pretty(abridged.of(object)).split("\n", -1)) {
      print(MARGIN + "    " + tone(Tone.FAINT, Text.cut(line, WIDTH - 7)));
    }
  }

  /// Prints what was checked; throws [StepFailed] when it does not hold.
  void check(boolean holds, String claim) {
    check(holds, claim, () -> "");
  }

  /// As [#check(boolean, String)], with what was found instead.
  void check(boolean holds, String claim, Supplier<String> found) {
    if (!holds) {
      throw new StepFailed(claim + (found.get().isEmpty() ? "" : "; found: " + found.get()));
    }
    var first = true;
    for (var line : wrapped(abridged.text(claim), WIDTH - 2 * MARGIN.length())) {
      print(MARGIN + (first ? tone(Tone.GOOD, "✓") + " " : "  ") + line);
      first = false;
    }
  }

  /// Prints why the story ends here.
  void failed(String why) {
    for (var line : wrapped(Text.printable(why), WIDTH - 2 * MARGIN.length())) {
      print(MARGIN + tone(Tone.BAD, "✗ ") + line);
    }
  }

  /// Prints a line as it is, such as a command to try.
  void plain(String line) {
    print(MARGIN + line);
  }

  /// The last line of a story that was played once.
  void last(String line) {
    print("");
    print(line);
  }

  private String tone(Tone tone, String text) {
    return style.colour() ? "\u001b[" + tone.code + "m" + text + "\u001b[0m" : text;
  }

  private void print(String line) {
    out.println(style.unicode() ? line : ascii(line));
    out.flush();
  }

  private static String ascii(String line) {
    return line.replace("…", "...")
        .replace("→", "->")
        .replace("←", "<-")
        .replace("✓", "ok")
        .replace("✗", "FAILED")
        .replace("·", "-")
        .replace("─", "-");
  }

  private static List<String> wrapped(String text, int width) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    for (var word : text.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
