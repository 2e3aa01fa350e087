package io.prokura.authenticators;

import static io.prokura.authenticators.PasswordRules.Flaw.LIKE_THE_NAME;
import static io.prokura.authenticators.PasswordRules.Flaw.TOO_COMMON;
import static io.prokura.authenticators.PasswordRules.Flaw.TOO_LONG;
import static io.prokura.authenticators.PasswordRules.Flaw.TOO_SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Which passwords nobody may have.
final class PasswordRulesTest {
  @Test
  void lengthIsWhatCounts() {
    assertThat(PasswordRules.flaw("elevenchars", "alice")).contains(TOO_SHORT);
    assertThat(PasswordRules.flaw("twelve chars", "alice")).isEmpty();
    assertThat(PasswordRules.flaw("abcdefg-".repeat(32), "alice")).isEmpty();
    assertThat(PasswordRules.flaw("abcdefg-".repeat(32) + "x", "alice")).contains(TOO_LONG);
    assertThat(PasswordRules.flaw("ein längerer satz", "alice")).isEmpty();
  }

  @Test
  void whatEverybodyTriesFirstIsRefused() {
    assertThat(PasswordRules.flaw("password1234", "alice")).contains(TOO_COMMON);
    assertThat(PasswordRules.flaw("PassWord1234", "alice")).contains(TOO_COMMON);
    assertThat(PasswordRules.flaw("aaaaaaaaaaaaaaa", "alice")).contains(TOO_COMMON);
    assertThat(PasswordRules.flaw("correct horse battery staple", "alice")).contains(TOO_COMMON);
  }

  @Test
  void theNameIsNoPassword() {
    assertThat(PasswordRules.flaw("i am Alice, really", "alice")).contains(LIKE_THE_NAME);
    assertThat(PasswordRules.flaw("i am Alice, really", "alice@example.org"))
        .contains(LIKE_THE_NAME);
    assertThat(PasswordRules.flaw("a bo in every word", "bo")).isEmpty();
  }
}
