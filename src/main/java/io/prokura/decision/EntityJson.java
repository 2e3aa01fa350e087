package io.prokura.decision;

import io.prokura.cedar.BoolValue;
import io.prokura.cedar.CedarSyntaxException;
import io.prokura.cedar.DateTime;
import io.prokura.cedar.Decimal;
import io.prokura.cedar.Duration;
import io.prokura.cedar.Entities;
import io.prokura.cedar.Entity;
import io.prokura.cedar.EntityUid;
import io.prokura.cedar.IpAddress;
import io.prokura.cedar.LongValue;
import io.prokura.cedar.RecordValue;
import io.prokura.cedar.SetValue;
import io.prokura.cedar.StringValue;
import io.prokura.cedar.TypeMismatchException;
import io.prokura.cedar.Value;
import io.prokura.json.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Entities in Cedar's JSON format, with an escape for everything that JSON has no word for.
final class EntityJson {
  private static final DateTimeFormatter MILLISECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX");

  private EntityJson() {}

  static Json.Obj write(Entity entity) {
    return Json.object()
        .put("uid", uid(entity.uid()))
        .put("attrs", members(entity.attributes()))
        .put("parents", new Json.Arr(uids(entity.ancestors())))
        .put("tags", members(entity.tags()))
        .build();
  }

  /// The entity that [#write] made this of. Throws `IllegalStateException` for anything else.
  static Entity read(Json.Obj object) {
    var uid = object.object("uid").orElseThrow();
    var name = EntityUid.of(uid.text("type").orElseThrow(), uid.text("id").orElseThrow());
    try {
      return Entities.parse(new Json.Arr(List.of(object)).toText()).find(name).orElseThrow();
    } catch (CedarSyntaxException | TypeMismatchException e) {
      throw new IllegalStateException("not an entity: " + name, e);
    }
  }

  private static Json.Obj uid(EntityUid uid) {
    return Json.object().put("type", uid.type().name()).put("id", uid.id()).build();
  }

  private static List<Json> uids(Collection<EntityUid> uids) {
    return uids.stream().sorted().<Json>map(EntityJson::uid).toList();
  }

  private static Json.Obj members(Map<String, Value> values) {
    var members = new LinkedHashMap<String, Json>();
    values.forEach((name, value) -> members.put(name, value(value)));
    return new Json.Obj(members);
  }

  private static Json value(Value value) {
    return switch (value) {
      case BoolValue(var flag) -> Json.flag(flag);
      case LongValue(var number) -> Json.number(number);
      case StringValue(var text) -> Json.text(text);
      case EntityUid uid -> Json.object().put("__entity", uid(uid)).build();
      case RecordValue(var attributes) -> members(attributes);
      case SetValue(var elements) ->
          new Json.Arr(elements.stream().<Json>map(EntityJson::value).toList());
      case DateTime(var milliseconds) -> extension("datetime", spelled(milliseconds));
      case Duration duration -> extension(duration);
      case Decimal decimal -> extension(decimal);
      case IpAddress address -> extension(address);
    };
  }

  /// An extension value prints as the call that makes it: `ip("10.0.0.1")`.
  private static Json extension(Value value) {
    var call = value.toString();
    int open = call.indexOf("(\"");
    return extension(call.substring(0, open), call.substring(open + 2, call.length() - 2));
  }

  private static Json extension(String function, String argument) {
    var call = Json.object().put("fn", function).put("arg", argument).build();
    return Json.object().put("__extn", call).build();
  }

  private static String spelled(long milliseconds) {
    return MILLISECONDS.format(Instant.ofEpochMilli(milliseconds).atOffset(ZoneOffset.UTC));
  }
}
