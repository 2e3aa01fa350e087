package io.prokura.signin;

import io.prokura.sessions.Sessions;
import java.time.Duration;

/// What came of one step of signing in.
public sealed interface Outcome {

  /// The password is right; `pending` is for the browser to show with the second factor.
  record SecondFactorNeeded(String pending) implements Outcome {}

  /// The person is signed in; `device` makes their browser one that is known.
  record SignedIn(Sessions.Started started, String device) implements Outcome {}

  /// It is not right, and nothing says what about it.
  record Wrong() implements Outcome {}

  /// It was not looked at: too much was tried here lately.
  record Wait(Duration left) implements Outcome {}

  /// It was not looked at: too many people are signing in.
  record Busy() implements Outcome {}

  /// The password was shown too long ago, or never.
  record Expired() implements Outcome {}
}
