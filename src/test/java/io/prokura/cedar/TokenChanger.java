package io.prokura.cedar;

import java.util.ArrayList;
import java.util.Random;

/// Changes one token of a text in Cedar's syntax.
final class TokenChanger {
  private TokenChanger() {}

  /// The text with one token replaced by another of the text, repeated, or left out.
  static String changed(Random random, String text) throws CedarSyntaxException {
    var tokens = new ArrayList<>(Lexer.tokens(text));
    tokens.removeLast();
    int at = random.nextInt(tokens.size());
    var victim = tokens.get(at);
    var alike = tokens.stream().filter(token -> token.kind() == victim.kind()).toList();
    var replacement =
        switch (random.nextInt(8)) {
          case 0 -> "";
          case 1 -> victim.text() + " " + victim.text();
          case 2 -> tokens.get(random.nextInt(tokens.size())).text();
          case 3 -> "1";
          default -> alike.get(random.nextInt(alike.size())).text();
        };
    return text.substring(0, victim.start()) + replacement + text.substring(victim.end());
  }
}
