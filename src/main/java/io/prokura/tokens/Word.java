package io.prokura.tokens;

import java.util.Arrays;
import java.util.Optional;

/// A kind of JWT by which this server vouches for somebody to a server elsewhere, which takes it as
/// an authorization grant (RFC 7523 §2.1).
public enum Word {
  /// draft-ietf-oauth-identity-assertion-authz-grant §3.
  ID_JAG("urn:ietf:params:oauth:token-type:id-jag", "oauth-id-jag+jwt", "id-jag"),

  /// draft-ietf-oauth-identity-chaining §2.3; it has no type of its own.
  JWT("urn:ietf:params:oauth:token-type:jwt", "JWT", "jwt-grant");

  private final String urn;
  private final String typ;
  private final String label;

  Word(String urn, String typ, String label) {
    this.urn = urn;
    this.typ = typ;
    this.label = label;
  }

  /// Its type at a token exchange (RFC 8693 §3).
  public String urn() {
    return urn;
  }

  String typ() {
    return typ;
  }

  /// What the record calls it.
  public String label() {
    return label;
  }

  /// The kind with this type, if there is one.
  public static Optional<Word> named(String urn) {
    return Arrays.stream(values()).filter(word -> word.urn.equals(urn)).findFirst();
  }
}
