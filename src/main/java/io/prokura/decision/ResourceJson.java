package io.prokura.decision;

import io.prokura.catalogue.Action;
import io.prokura.catalogue.PersonRights;
import io.prokura.catalogue.Resource;
import io.prokura.jose.Algorithm;
import io.prokura.json.Json;
import io.prokura.kernel.Id;
import java.util.ArrayList;
import java.util.List;

/// A resource as decisions rest on it: without who enforces it.
final class ResourceJson {
  private ResourceJson() {}

  static Json.Obj write(Resource resource) {
    return Json.object()
        .put(Evidence.KIND, Evidence.RESOURCE)
        .put("id", resource.id().text())
        .put("identifier", resource.identifier())
        .put("name", resource.name())
        .put("types", resource.types())
        .put("actions", Json.array(resource.actions().stream().map(Action::facts).toList()))
        .put("agentFacing", resource.agentFacing())
        .put("personRights", resource.personRights().word())
        .put("asserts", resource.asserts())
        .put("version", resource.version())
        .build();
  }

  /// What [#write] made this of.
  static Resource read(Json.Obj json) {
    var actions = new ArrayList<Action>();
    if (json.get("actions").orElseThrow() instanceof Json.Arr(var items)) {
      items.forEach(item -> actions.add(Action.of((Json.Obj) item, "")));
    }
    return new Resource(
        Id.Resource.parse(json.text("id").orElseThrow()).orElseThrow(),
        json.text("identifier").orElseThrow(),
        json.text("name").orElseThrow(),
        json.texts("types").orElseThrow(),
        actions,
        json.flag("agentFacing").orElseThrow(),
        json.text("personRights").flatMap(PersonRights::parse).orElseThrow(),
        Algorithm.ES256,
        List.of(),
        json.texts("asserts").orElseThrow(),
        json.number("version").orElseThrow());
  }
}
