package io.prokura.decision;

import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Resource;
import io.prokura.delegation.Authorities;
import io.prokura.delegation.Conferred;
import io.prokura.delegation.Delegation;
import io.prokura.delegation.Operand;
import io.prokura.json.Json;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What a delegation comes to now: for each resource that it covers the arithmetic of the authority
/// that its delegate would get by using it, or why that would be refused. Nothing of it is given.
public final class Reckoning {
  private final Authorities authorities;
  private final Catalogue catalogue;

  public Reckoning(Authorities authorities, Catalogue catalogue) {
    this.authorities = authorities;
    this.catalogue = catalogue;
  }

  /// The arithmetic as JSON: `delegation`, `resources` with `operands` and `scope` each, and
  /// `sentences`.
  Json.Obj of(Delegation delegation) {
    var sentences = new ArrayList<String>();
    sentences.add(
        "By %s, %s may act for %s."
            .formatted(
                delegation.id().text(),
                delegation.delegate().text(),
                delegation.delegator().text()));
    var resources = new ArrayList<Json>();
    delegation.covers().keySet().stream()
        .map(catalogue::resource)
        .flatMap(Optional::stream)
        .sorted(Comparator.comparing(Resource::identifier))
        .forEach(resource -> resources.add(of(delegation, resource, sentences)));
    return Json.object()
        .put("delegation", delegation.id().text())
        .put("resources", new Json.Arr(resources))
        .put("sentences", sentences)
        .build();
  }

  private Json.Obj of(Delegation delegation, Resource resource, List<String> sentences) {
    var shown =
        Json.object()
            .put("resource", resource.id().text())
            .put("identifier", resource.identifier());
    sentences.add("On %s:".formatted(resource.identifier()));
    switch (authorities.foreseen(delegation, resource.identifier())) {
      case Ok<Conferred>(var conferred) -> {
        var terms = Json.object();
        for (var operand : conferred.arithmetic().operands()) {
          switch (operand) {
            case Operand.Actions(var of, var actions, _) -> {
              terms.put(of, actions.toString());
              sentences.add("%s leaves: %s.".formatted(of, actions));
            }
            case Operand.HeldByResource(var of) -> {
              terms.put(of, new Json.Null());
              sentences.add("%s is held by the resource itself.".formatted(of));
            }
          }
        }
        var scope = conferred.arithmetic().effective().toString();
        sentences.add("A token would have: %s.".formatted(scope));
        shown.put("operands", terms.build()).put("scope", scope);
      }
      case Refused<Conferred>(_, var detail) -> {
        sentences.add("It would be refused: %s.".formatted(detail));
        shown.put("refused", detail);
      }
    }
    return shown.build();
  }
}
