package io.prokura.directory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class NamesTest {

  @Test
  void givesNamesThatLookAlikeOneKey() {
    var key = Names.key("Alice.Smith");
    assertThat(Names.key("alice.smith")).isEqualTo(key);
    assertThat(Names.key("\uff21\uff2c\uff29\uff23\uff25.SMITH")).isEqualTo(key);
    assertThat(Names.key("alice.\u017fmith")).isEqualTo(key);
    assertThat(Names.key("al\u0131ce.smith")).isEqualTo(key);
    assertThat(Names.key("\u212Aarl")).isEqualTo(Names.key("karl"));
    assertThat(Names.key("Stra\u00dfe")).isEqualTo(Names.key("STRASSE"));
    assertThat(Names.key("STRA\u1e9eE")).isEqualTo(Names.key("strasse"));
    assertThat(Names.key("\u03a3\u03c3\u03c2")).isEqualTo(Names.key("\u03c3\u03c3\u03c3"));
    assertThat(Names.key("e\u0301ve")).isEqualTo(Names.key("\u00c9VE"));
    assertThat(Names.key("bob")).isNotEqualTo(key);
  }

  @Test
  void makesAKeyThatIsItsOwnKey() {
    for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
      var text = Character.toString(point);
      var key = Names.isPrintable(text, 2) ? Names.key(text) : "";
      if (!Names.key(key).equals(key)) {
        throw new AssertionError("U+%04X has another key than its key".formatted(point));
      }
    }
  }

  @Test
  void takesPrintableNamesOnly() {
    assertThat(User.isUserName("dana@example.org")).isTrue();
    assertThat(User.isUserName("Dana van Dyk")).isTrue();
    assertThat(User.isUserName("x".repeat(200))).isTrue();
    assertThat(User.isUserName("x".repeat(201))).isFalse();
    assertThat(User.isUserName("")).isFalse();
    assertThat(User.isUserName(" dana")).isFalse();
    assertThat(User.isUserName("dana ")).isFalse();
    assertThat(User.isUserName("da\nna")).isFalse();
    assertThat(User.isUserName("da\u0000na")).isFalse();
    assertThat(User.isUserName("da\u00a0na")).isFalse();
    assertThat(User.isUserName("da\u200bna")).isFalse();
    assertThat(User.isUserName("da\u202ena")).isFalse();
    assertThat(User.isUserName("da\ud800na")).isFalse();
    assertThat(User.isUserName("da\ue000na")).isFalse();
  }
}
