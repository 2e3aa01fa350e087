package io.prokura.app;

/// A person's visits with scripts off.
final class VisitWithoutScriptsTest extends VisitContract {
  @Override
  boolean scripts() {
    return false;
  }
}
