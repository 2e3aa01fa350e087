package io.prokura.selftest;

import java.util.Optional;
import java.util.function.Predicate;

/// The answer by which an attack is seen to have failed.
///
/// @param text what it is, for the report
record Expected(String text, Predicate<Reply> holds) {

  /// A refusal with this status and error.
  static Expected refusal(int status, String error) {
    return new Expected(
        status + " " + error,
        reply -> reply.status() == status && reply.error().equals(Optional.of(error)));
  }

  /// A refusal with one of these errors, where servers differ in what they find first.
  static Expected refusal(int status, String error, String otherwise) {
    return new Expected(
        status + " " + error + " or " + otherwise,
        reply ->
            reply.status() == status
                && reply
                    .error()
                    .filter(one -> one.equals(error) || one.equals(otherwise))
                    .isPresent());
  }

  /// This answer or the other.
  Expected or(Expected other) {
    return new Expected(text + ", or " + other.text, holds.or(other.holds));
  }

  /// Any refusal with a status of 4xx.
  static Expected refused() {
    return new Expected("a refusal, 4xx", Reply::isRefusal);
  }

  /// A token that is dead at introspection (RFC 7662 §2.2).
  static Expected inactive() {
    return new Expected(
        "200 active false",
        reply -> reply.status() == 200 && reply.object().flag("active").equals(Optional.of(false)));
  }

  /// A page that says no and leads nowhere: `stranger` does not occur in it.
  static Expected nowhere(String stranger) {
    return new Expected(
        "a refusal, 4xx, that leads nowhere",
        reply ->
            reply.isRefusal()
                && reply.first("Location").isEmpty()
                && reply.first("Refresh").isEmpty()
                && !reply.tells(stranger));
  }

  /// A redirect to the registered address `to` that carries an error, the issuer and no code (RFC
  /// 6749 §4.1.2.1, RFC 9207 §2).
  static Expected redirected(String to, String error, String issuer) {
    return new Expected(
        "a redirect with " + error,
        reply -> {
          var location = reply.first("Location").orElse("");
          return reply.status() / 100 == 3
              && location.startsWith(to + "?")
              && location.contains("error=" + error)
              && location.contains(Sent.encoded("iss", issuer))
              && !location.contains("code=");
        });
  }
}
