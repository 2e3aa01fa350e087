package io.prokura.app;

/// A person's visits with scripts on.
final class VisitWithScriptsTest extends VisitContract {
  @Override
  boolean scripts() {
    return true;
  }
}
