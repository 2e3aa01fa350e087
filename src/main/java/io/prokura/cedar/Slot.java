package io.prokura.cedar;

/// A placeholder in the scope of a template, filled with an entity when the template is linked.
public enum Slot implements EntityReference {
  PRINCIPAL("?principal"),
  RESOURCE("?resource");

  private final String text;

  Slot(String text) {
    this.text = text;
  }

  /// The slot as it is written in a template, question mark included.
  public String text() {
    return text;
  }
}
