package io.prokura.issuers;

import io.prokura.json.Json;
import io.prokura.kernel.Id;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/// What a platform elsewhere is believed about its agents (draft-carleton-workload-authz-grant):
/// what follows here from what it says of one, and what becomes of one that nobody knew.
///
/// `mapped` says which roles here follow from which properties, `purposes` what its agents are for,
/// whatever their properties. An unknown agent is put on record for `answerable`, or for whoever
/// decides about discovered agents, and begins `active` only where somebody answers for it. It is
/// registered for bearer tokens or not. No more than `agentsMax` are ever made. `tenant` is there
/// where several customers of the platform share the issuer.
public record AgentTerms(
    List<Mapped> mapped,
    List<Id.Purpose> purposes,
    Optional<Answerable> answerable,
    boolean active,
    boolean bearerTokens,
    Optional<Tenant> tenant,
    int agentsMax) {
  /// How many agents an issuer may make at most, whatever its terms.
  public static final int AGENTS_MAX = 10_000;

  public AgentTerms {
    mapped = List.copyOf(mapped);
    purposes = List.copyOf(purposes);
    if (active && (answerable.isEmpty() || purposes.isEmpty())) {
      throw new IllegalArgumentException("nobody answers for an agent that begins active");
    }
  }

  /// What follows from one property: whoever has it has these roles, and may act for these purposes
  /// besides those that all are for. A property is a claim that is this text, or a list with it.
  public record Mapped(String claim, String value, List<Id.Role> roles, List<Id.Purpose> purposes) {
    public Mapped {
      roles = List.copyOf(roles);
      purposes = List.copyOf(purposes);
    }

    private boolean isOf(Json.Obj claims) {
      return switch (claims.get(claim).orElse(new Json.Null())) {
        case Json.Str(var text) -> text.equals(value);
        case Json.Arr(var items) -> items.contains(Json.text(value));
        case Json.Obj _, Json.Whole _, Json.Fraction _, Json.Bool _, Json.Null _ -> false;
      };
    }
  }

  /// The two users or groups that answer for every agent of the platform.
  public record Answerable(Id owner, Id backupOwner) {}

  /// The claim by which a shared issuer tells its customers apart, and what it is for this one.
  public record Tenant(String claim, String value) {
    boolean isOf(Json.Obj claims) {
      return claims.text(claim).equals(Optional.of(value));
    }
  }

  /// The roles that follow from what the platform says of an agent.
  List<Id.Role> roles(Json.Obj claims) {
    var roles = new LinkedHashSet<Id.Role>();
    mapped.stream().filter(one -> one.isOf(claims)).forEach(one -> roles.addAll(one.roles()));
    return List.copyOf(roles);
  }

  /// The purposes for which an agent may act that the platform says this of.
  List<Id.Purpose> purposes(Json.Obj claims) {
    var all = new LinkedHashSet<>(purposes);
    mapped.stream().filter(one -> one.isOf(claims)).forEach(one -> all.addAll(one.purposes()));
    return List.copyOf(all);
  }

  /// Every purpose that an agent of the platform may be for.
  public List<Id.Purpose> allPurposes() {
    var all = new LinkedHashSet<>(purposes);
    mapped.forEach(one -> all.addAll(one.purposes()));
    return List.copyOf(all);
  }

  /// Everything registered that the terms name.
  List<Id> named() {
    var all = new ArrayList<Id>(allPurposes());
    mapped.forEach(one -> all.addAll(one.roles()));
    answerable.ifPresent(one -> all.addAll(List.of(one.owner(), one.backupOwner())));
    return List.copyOf(all);
  }

  /// Whether these are the same terms but for how many agents there may be.
  boolean isLike(AgentTerms other) {
    return other.withAgentsMax(agentsMax).equals(this);
  }

  private AgentTerms withAgentsMax(int most) {
    return new AgentTerms(mapped, purposes, answerable, active, bearerTokens, tenant, most);
  }
}
