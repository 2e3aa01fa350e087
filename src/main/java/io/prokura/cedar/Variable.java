package io.prokura.cedar;

/// One of the four parts of a request that an expression can name.
public enum Variable {
  PRINCIPAL("principal"),
  ACTION("action"),
  RESOURCE("resource"),
  CONTEXT("context");

  private final String text;

  Variable(String text) {
    this.text = text;
  }

  /// The word that stands for it in a policy.
  public String text() {
    return text;
  }
}
