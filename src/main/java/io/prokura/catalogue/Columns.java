package io.prokura.catalogue;

import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.Scopes;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The lists of the catalogue as JSON, the same in columns and in answers.
final class Columns {
  private static final JsonReader READER = new JsonReader(Limits.standard());

  private Columns() {}

  static Json.Arr actions(List<Action> actions) {
    return Json.array(
        actions.stream()
            .map(
                action ->
                    Json.object()
                        .putAll(action.facts().members())
                        .put("description", action.description())
                        .build())
            .toList());
  }

  static List<Action> actions(String column) {
    return objects(column).stream()
        .map(object -> Action.of(object, object.text("description").orElseThrow()))
        .toList();
  }

  static Json.Arr covers(List<Coverage> covers) {
    return Json.array(
        covers.stream()
            .map(
                one ->
                    Json.object()
                        .put("resource", one.resource().text())
                        .put("actions", one.actions().values())
                        .build())
            .toList());
  }

  static List<Coverage> covers(String column) {
    return objects(column).stream()
        .map(
            object ->
                new Coverage(
                    object.text("resource").flatMap(Id.Resource::parse).orElseThrow(),
                    Scopes.of(object.texts("actions").orElseThrow())))
        .toList();
  }

  static Json.Arr allowed(List<Role.Allowed> permissions) {
    return Json.array(
        permissions.stream()
            .map(
                one ->
                    Json.object()
                        .put("resource", one.resource().text())
                        .put("actions", one.actions().values())
                        .put("mode", one.mode().word())
                        .build())
            .toList());
  }

  static List<Role.Allowed> allowed(String column) {
    return objects(column).stream()
        .map(
            object ->
                new Role.Allowed(
                    object.text("resource").flatMap(Id.Resource::parse).orElseThrow(),
                    Scopes.of(object.texts("actions").orElseThrow()),
                    object.text("mode").flatMap(PermissionMode::parse).orElseThrow()))
        .toList();
  }

  static Hours hours(String column) {
    return switch (READER.readObject(column.getBytes(StandardCharsets.UTF_8))) {
      case Result.Ok<Json.Obj>(var object) -> HoursReader.stored(object);
      case Result.Refused<Json.Obj> refused ->
          throw new IllegalStateException("no JSON: " + refused);
    };
  }

  static List<String> texts(String column) {
    return array(column).texts().orElseThrow();
  }

  private static List<Json.Obj> objects(String column) {
    return array(column).items().stream().map(Json.Obj.class::cast).toList();
  }

  private static Json.Arr array(String column) {
    return switch (READER.read(column.getBytes(StandardCharsets.UTF_8))) {
      case Result.Ok<Json>(Json.Arr array) -> array;
      case Result.Ok<Json> other -> throw new IllegalStateException("no list: " + other);
      case Result.Refused<Json> refused -> throw new IllegalStateException("no JSON: " + refused);
    };
  }
}
