package io.prokura.cedar;

/// The answer to a request.
public enum Decision {
  ALLOW,
  DENY
}
