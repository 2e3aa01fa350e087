package io.prokura.grants;

import java.util.Arrays;
import java.util.Optional;

/// The kinds of token that can be exchanged (RFC 8693 §3), ours among them.
enum TokenType {
  ACCESS_TOKEN("urn:ietf:params:oauth:token-type:access_token"),
  DELEGATION("urn:prokura:params:oauth:token-type:delegation"),
  HAND_OVER("urn:prokura:params:oauth:token-type:hand-over");

  private final String urn;

  TokenType(String urn) {
    this.urn = urn;
  }

  String urn() {
    return urn;
  }

  static Optional<TokenType> named(String urn) {
    return Arrays.stream(values()).filter(type -> type.urn.equals(urn)).findFirst();
  }
}
