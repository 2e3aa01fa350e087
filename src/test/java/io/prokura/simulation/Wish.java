package io.prokura.simulation;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a caller wants with a request. The server may refuse it; what it does is this or nothing.
sealed interface Wish {

  /// What it is called in the trace.
  String name();

  /// What it leaves in the record when it is done: the types of its entries, as one of these.
  Set<List<String>> marks();

  /// Whether the server's own memory of it is fresh when it answers that it is done.
  default boolean isFollowed() {
    return false;
  }

  /// What is so once it is done.
  interface Outcome {
    /// Learns from the first of the entries that it left, and from the answer where there was one.
    void learn(Exchange exchange, Entry first);
  }

  /// An administrator changes something.
  record Change(String name, Set<List<String>> marks, boolean isFollowed, Outcome outcome)
      implements Wish {}

  /// The ways to get a token, and what each leaves in the record.
  enum Grant {
    OWN("token.issued"),
    USE("token.issued"),
    HAND_OVER("hand-over.issued"),
    TAKE("delegation.given", "token.issued"),
    DOWNSTREAM("token.issued");

    @SuppressWarnings("ImmutableEnumChecker") // an immutable list
    final List<String> marks;

    Grant(String... marks) {
      this.marks = List.of(marks);
    }
  }

  /// What somebody brings to get a token: a token, a delegation, or nothing; and to whom it is to
  /// be handed over.
  record Basis(Optional<HeldToken> token, Optional<Delegation> delegation, Optional<Party> to) {
    static final Basis NOTHING = new Basis(Optional.empty(), Optional.empty(), Optional.empty());

    static Basis of(HeldToken token) {
      return new Basis(Optional.of(token), Optional.empty(), Optional.empty());
    }

    static Basis of(Delegation delegation) {
      return new Basis(Optional.empty(), Optional.of(delegation), Optional.empty());
    }

    Basis to(Party agent) {
      return new Basis(token, delegation, Optional.of(agent));
    }
  }

  /// Somebody wants a token. No scopes and no purpose ask for what is usual.
  record Issue(
      Grant grant,
      Credential by,
      Basis basis,
      Resource resource,
      List<String> scopes,
      Optional<Purpose> purpose)
      implements Wish {
    /// The token that it is made from.
    Optional<HeldToken> from() {
      return basis.token();
    }

    @Override
    public String name() {
      return "issue " + grant;
    }

    @Override
    public Set<List<String>> marks() {
      return Set.of(grant.marks);
    }
  }

  /// A client ends a token, its own or not.
  record Revoke(Credential by, HeldToken token) implements Wish {
    @Override
    public String name() {
      return "revoke";
    }

    @Override
    public boolean isFollowed() {
      return true;
    }

    @Override
    public Set<List<String>> marks() {
      return Set.of(List.of("cutoff.written"));
    }
  }

  /// An enforcer asks whether a token is good.
  record Introspect(Credential by, HeldToken token) implements Wish {
    @Override
    public String name() {
      return "introspect";
    }

    @Override
    public Set<List<String>> marks() {
      return Set.of();
    }
  }

  /// An enforcer asks whether the bearer of a token may do something.
  ///
  /// @param spends under which request id it spends of budgets
  record Evaluate(Credential by, HeldToken token, String action, Optional<String> spends)
      implements Wish {
    @Override
    public String name() {
      return "evaluate";
    }

    @Override
    public Set<List<String>> marks() {
      return Set.of(List.of("decision.made"));
    }
  }

  /// Somebody looks at something.
  record Look(String name) implements Wish {
    @Override
    public Set<List<String>> marks() {
      return Set.of();
    }
  }
}
