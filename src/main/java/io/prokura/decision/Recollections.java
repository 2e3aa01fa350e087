package io.prokura.decision;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.prokura.audit.Facts;
import io.prokura.audit.Persons;
import io.prokura.audit.Recorded;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Resource;
import io.prokura.cedar.CedarSyntaxException;
import io.prokura.cedar.Entity;
import io.prokura.cedar.EntityUid;
import io.prokura.cedar.Policy;
import io.prokura.cedar.PolicySet;
import io.prokura.delegation.Stated;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Result.Ok;
import io.prokura.policy.Uids;
import io.prokura.sql.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Puts recorded decisions together again: each with the question that the policies were asked,
/// seeing what they saw.
public final class Recollections {
  private static final int CACHED_MAX = 50_000;

  private final Facts facts;
  private final Persons persons;
  private final Catalogue catalogue;
  private final JsonReader json;
  private final Cache<String, Optional<Known>> known =
      Caffeine.newBuilder().maximumSize(CACHED_MAX).executor(Runnable::run).build();
  private final Cache<String, String> names =
      Caffeine.newBuilder().maximumSize(CACHED_MAX).executor(Runnable::run).build();

  /// What it has seen once it remembers, so one is for one piece of work.
  public Recollections(Facts facts, Persons persons, Catalogue catalogue, JsonReader json) {
    this.facts = facts;
    this.persons = persons;
    this.catalogue = catalogue;
    this.json = json;
  }

  /// One fact, read.
  private sealed interface Known {
    record OfEntity(Entity entity) implements Known {}

    record OfPermissions(String of, PolicySet policies) implements Known {}

    record OfResource(Resource resource) implements Known {}

    record OfPurpose(Policy covering) implements Known {}
  }

  /// What is put together of one entry.
  private static final class Pieces {
    final Map<EntityUid, Entity> entities = new HashMap<>();
    final Map<String, PolicySet> permissions = new HashMap<>();
    final List<String> unknown = new ArrayList<>();
    Optional<Resource> resource = Optional.empty();
    Optional<Policy> covering = Optional.empty();
  }

  /// The decisions of an entry, in their order.
  public List<Recalled> of(Tx tx, Recorded entry) {
    var id = Id.Decision.parse(entry.about());
    if (id.isEmpty() || !entry.type().equals(DecisionLog.TYPE)) {
      return List.of();
    }
    var pieces = pieces(tx, entry.facts().texts("facts").orElse(List.of()));
    var decisions = new ArrayList<Recalled>();
    var answered = items(entry.facts().get("items"));
    if (answered.isEmpty()) {
      decisions.add(recalled(tx, entry, id.get(), 0, entry.facts(), entry.opened(), pieces));
      return decisions;
    }
    var said = entry.opened().text("items").map(this::array).orElse(List.of());
    for (int i = 0; i < answered.size(); i++) {
      var words = i < said.size() ? said.get(i) : Json.object().build();
      decisions.add(recalled(tx, entry, id.get(), i, answered.get(i), words, pieces));
    }
    return decisions;
  }

  private Recalled recalled(
      Tx tx,
      Recorded entry,
      Id.Decision id,
      int item,
      Json.Obj answered,
      Json.Obj said,
      Pieces pieces) {
    var shared = entry.facts();
    var principals =
        shared.texts("principals").orElse(List.of()).stream().map(one -> named(tx, one)).toList();
    var unknown = new ArrayList<>(pieces.unknown);
    boolean asked = shared.number("asked").isPresent();
    var question =
        asked
            ? question(entry, answered, said, principals, pieces, unknown)
            : Optional.<Question>empty();
    return new Recalled(
        id,
        item,
        entry.at(),
        answered.flag("allowed").orElse(false),
        answered.text("reason").orElse(""),
        said.text("detail"),
        answered.texts("policies").orElse(List.of()),
        shared.number("published").orElse(0L),
        shared.text("snapshot").orElse(""),
        shared.text("by").orElse(""),
        principals,
        shared.text("resource").flatMap(Id.Resource::parse),
        answered.text("action").or(() -> said.text("action")),
        said.text("object"),
        shared.text("purpose"),
        shared.text("token"),
        answered.text("approval"),
        question,
        question.isPresent() || !asked ? List.of() : unknown);
  }

  /// The question, when everything it needs is known; what is missing goes into `unknown`.
  private Optional<Question> question(
      Recorded entry,
      Json.Obj answered,
      Json.Obj said,
      List<String> principals,
      Pieces pieces,
      List<String> unknown) {
    var chain = new ArrayList<Id.Principal>();
    for (var principal : principals) {
      Id.Principal.parse(principal)
          .ifPresentOrElse(chain::add, () -> unknown.add("a person who was erased"));
    }
    var object = said.text("object").map(Recollections::named);
    if (object.isEmpty() || said.get("asserted").isEmpty()) {
      unknown.add("what the enforcer said");
    }
    if (pieces.resource.isEmpty()) {
      unknown.add("the resource");
    }
    var purpose = purpose(entry.facts(), unknown);
    if (!unknown.isEmpty()) {
      return Optional.empty();
    }
    var resource = pieces.resource.orElseThrow();
    var action = answered.text("action").flatMap(resource::action);
    if (action.isEmpty()) {
      return Optional.empty();
    }
    var request = request(said, object.orElseThrow(), action.get().name());
    return Optional.of(
        new Question(
            Instant.ofEpochMilli(entry.facts().number("asked").orElseThrow()),
            request,
            Target.of(resource, action.get(), request.object()),
            grounds(entry.facts(), chain, purpose),
            answered.object("situation").map(Situation::of).orElse(Situation.PLAIN),
            chain.stream()
                .map(
                    one ->
                        new Participant(
                            Uids.of(one),
                            pieces.permissions.getOrDefault(one.text(), PolicySet.of(List.of()))))
                .toList(),
            pieces.covering,
            registers(pieces.entities)));
  }

  private Grounds grounds(Json.Obj shared, List<Id.Principal> chain, Stated purpose) {
    return new Grounds(
        chain,
        shared.text("identity").filter("verified"::equals).isPresent(),
        purpose,
        shared.text("token").flatMap(Id.Token::parse),
        shared.texts("delegations").orElse(List.of()).stream()
            .map(Id.Delegation::parse)
            .flatMap(Optional::stream)
            .toList(),
        shared.text("task").flatMap(Id.Task::parse));
  }

  private Stated purpose(Json.Obj shared, List<String> unknown) {
    var id = shared.text("purpose").flatMap(Id.Purpose::parse);
    if (id.isEmpty()) {
      return new Stated.Nothing();
    }
    var purpose = id.flatMap(catalogue::purpose);
    if (purpose.isEmpty()) {
      unknown.add("the purpose");
      return new Stated.Nothing();
    }
    return new Stated.Purpose(purpose.get().id(), purpose.get().name());
  }

  private AccessRequest request(Json.Obj said, AccessRequest.Named object, String action) {
    var asserted = said.get("asserted").map(this::object).orElseThrow();
    var empty = Json.object().build();
    var subject =
        said.text("subject").map(Recollections::named).orElse(new AccessRequest.Named("", ""));
    return new AccessRequest(
        new AccessRequest.Named(
            subject.type(), subject.id(), asserted.object("subject").orElse(empty)),
        new AccessRequest.Asked(action, asserted.object("action").orElse(empty)),
        new AccessRequest.Named(
            object.type(), object.id(), asserted.object("resource").orElse(empty)),
        asserted.object("context").orElse(empty),
        "");
  }

  /// What the registers said then. Groups and roles have nothing to say but that they are there.
  private static Function<EntityUid, Optional<Entity>> registers(Map<EntityUid, Entity> entities) {
    return uid -> {
      boolean bare = Uids.isBare(uid.type());
      return bare
          ? Optional.of(new Entity(uid, Map.of(), Set.of()))
          : Optional.ofNullable(entities.get(uid));
    };
  }

  private Pieces pieces(Tx tx, List<String> references) {
    var pieces = new Pieces();
    for (var reference : references) {
      var fact = known.get(reference, one -> facts.find(tx, one).map(Recollections::read));
      switch (fact.orElse(null)) {
        case Known.OfEntity(var entity) -> pieces.entities.put(entity.uid(), entity);
        case Known.OfPermissions(var of, var policies) -> pieces.permissions.put(of, policies);
        case Known.OfResource(var resource) -> pieces.resource = Optional.of(resource);
        case Known.OfPurpose(var covering) -> pieces.covering = Optional.of(covering);
        case null -> pieces.unknown.add("a fact that was forgotten");
      }
    }
    return pieces;
  }

  private static Known read(Json.Obj content) {
    return switch (content.text(Evidence.KIND).orElse("")) {
      case Evidence.ENTITY ->
          new Known.OfEntity(EntityJson.read(content.object(Evidence.ENTITY).orElseThrow()));
      case Evidence.RESOURCE -> new Known.OfResource(ResourceJson.read(content));
      case Evidence.PURPOSE -> new Known.OfPurpose(covering(content));
      case Evidence.PERMISSIONS ->
          new Known.OfPermissions(content.text("of").orElseThrow(), policies(content));
      default -> throw new IllegalStateException("a fact of an unknown kind");
    };
  }

  private static Policy covering(Json.Obj content) {
    try {
      return Policy.parse(content.text("policy").orElseThrow(), content.text("text").orElseThrow());
    } catch (CedarSyntaxException e) {
      throw new IllegalStateException("a recorded purpose is not a policy", e);
    }
  }

  private static PolicySet policies(Json.Obj content) {
    var texts = new LinkedHashMap<String, String>();
    var held = content.object("policies").orElseThrow();
    held.members().keySet().forEach(id -> texts.put(id, held.text(id).orElseThrow()));
    try {
      return PolicySet.parse(texts);
    } catch (CedarSyntaxException e) {
      throw new IllegalStateException("a recorded permission is not a policy", e);
    }
  }

  private String named(Tx tx, String recorded) {
    return names.get(
        recorded,
        name ->
            Id.Pseudonym.parse(name)
                .flatMap(pseudonym -> persons.behind(tx, pseudonym))
                .map(Id.User::text)
                .orElse(name));
  }

  private static AccessRequest.Named named(String typeAndId) {
    int space = typeAndId.indexOf(' ');
    return new AccessRequest.Named(typeAndId.substring(0, space), typeAndId.substring(space + 1));
  }

  private static List<Json.Obj> items(Optional<Json> array) {
    return array.orElse(Json.flag(false)) instanceof Json.Arr(var items)
        ? items.stream().map(Json.Obj.class::cast).toList()
        : List.of();
  }

  private List<Json.Obj> array(String text) {
    var read = json.readObject(("{\"items\":" + text + "}").getBytes(UTF_8));
    return read instanceof Ok(var wrapped) ? items(wrapped.get("items")) : List.of();
  }

  /// Asserted properties stand as an object among several answers and as its text alone.
  private Json.Obj object(Json value) {
    return switch (value) {
      case Json.Obj object -> object;
      case Json.Str(var text) when json.readObject(text.getBytes(UTF_8)) instanceof Ok(var read) ->
          read;
      default -> Json.object().build();
    };
  }
}
