package io.prokura.authorize;

import java.util.Optional;

/// How the answer to an authorization request gets to the application.
public enum ResponseMode {
  /// In the query of the redirect URI.
  QUERY("query"),
  /// In a form that the browser posts (OAuth 2.0 Form Post Response Mode).
  FORM_POST("form_post");

  private final String word;

  ResponseMode(String word) {
    this.word = word;
  }

  /// The value of `response_mode`.
  public String word() {
    return word;
  }

  static Optional<ResponseMode> parse(String word) {
    return switch (word) {
      case "query" -> Optional.of(QUERY);
      case "form_post" -> Optional.of(FORM_POST);
      default -> Optional.empty();
    };
  }
}
