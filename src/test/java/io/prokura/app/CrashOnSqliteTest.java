package io.prokura.app;

final class CrashOnSqliteTest extends CrashContract {
  CrashOnSqliteTest() {
    super(3);
  }
}
