package io.prokura.decision;

import io.prokura.agents.Agents;
import io.prokura.catalogue.Action;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Resource;
import io.prokura.cedar.EntityUid;
import io.prokura.decision.AccessRequest.Asked;
import io.prokura.decision.AccessRequest.Named;
import io.prokura.directory.Directory;
import io.prokura.directory.User;
import io.prokura.kernel.Id;
import io.prokura.sql.Database;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Everything that could be what a search looks for, in the order of its keys.
final class Candidates {
  private final Database database;
  private final Directory directory;
  private final Agents agents;
  private final Catalogue catalogue;

  Candidates(Database database, Directory directory, Agents agents, Catalogue catalogue) {
    this.database = database;
    this.directory = directory;
    this.agents = agents;
    this.catalogue = catalogue;
  }

  /// One of them: its place in the order, the question about it, and what it is called in a result.
  record Candidate(String key, AccessRequest question, String name) {}

  /// At most `count` candidates, from the one after the key `after`.
  List<Candidate> page(
      Searched.Snapshot in, Id.Principal enforcer, Search search, String after, int count) {
    var question = search.question();
    return switch (search.open()) {
      case SUBJECT -> subjects(question, after, count);
      case RESOURCE ->
          in.objects(question.object().type(), after, count).stream()
              .map(id -> new Candidate(id, about(question, id), id))
              .toList();
      case ACTION ->
          actions(enforcer, question.object().type()).tailSet(after, false).stream()
              .limit(count)
              .map(name -> new Candidate(name, doing(question, name), name))
              .toList();
    };
  }

  /// Of those who take part by a token, the subject and the current actor alone: no other can be
  /// named with it.
  List<Candidate> subjects(AccessRequest question, Grounds grounds) {
    return Stream.of(grounds.chain().getFirst(), grounds.chain().getLast())
        .distinct()
        .flatMap(who -> subject(question, who).stream())
        .toList();
  }

  private Optional<Candidate> subject(AccessRequest question, Id.Principal who) {
    var type = question.subject().type();
    return switch (who) {
      case Id.User user when type.equals("user") ->
          directory.user(user).map(known -> by(question, user, name(known)));
      case Id.Agent agent when type.equals("agent") ->
          Optional.of(by(question, agent, agent.text()));
      case Id.Workload workload when type.equals("workload") ->
          Optional.of(by(question, workload, workload.text()));
      default -> Optional.empty();
    };
  }

  /// A person is found by user name, as enforcers know people, and asked about by id.
  private List<Candidate> subjects(AccessRequest question, String after, int count) {
    return switch (question.subject().type()) {
      case "user" ->
          directory.users(after, count).stream()
              .map(user -> by(question, user.id(), name(user)))
              .toList();
      case "workload" ->
          directory.workloads(after, count).stream()
              .map(one -> by(question, one.id(), one.id().text()))
              .toList();
      case "agent" ->
          database.read(tx -> agents.page(tx, "", "", after, count)).stream()
              .map(one -> by(question, one.id(), one.id().text()))
              .toList();
      default -> List.of();
    };
  }

  /// A user name that reads like an id would be taken for somebody else's.
  private static String name(User user) {
    return Id.User.parse(user.userName()).isEmpty() ? user.userName() : user.id().text();
  }

  private NavigableSet<String> actions(Id.Principal enforcer, String type) {
    var names = new TreeSet<String>();
    catalogue.enforcedBy(enforcer).stream()
        .filter(resource -> resource.types().contains(type))
        .flatMap(resource -> resource.actions().stream())
        .map(Action::name)
        .forEach(names::add);
    return names;
  }

  /// Whether a stored object is the resource's: no other has objects of its type. Of a type that
  /// resources share it is not known whose an object is, so nobody is told of it.
  boolean isOf(Resource resource, EntityUid object) {
    return catalogue.resourceOfType(object.type().name()).filter(resource::equals).isPresent();
  }

  private static Candidate by(AccessRequest question, Id.Principal who, String name) {
    var said = question.subject();
    var subject = new Named(said.type(), who.text(), said.properties());
    return new Candidate(
        who.text(),
        new AccessRequest(
            subject, question.action(), question.object(), question.context(), question.token()),
        name);
  }

  private static AccessRequest about(AccessRequest question, String id) {
    var said = question.object();
    return new AccessRequest(
        question.subject(),
        question.action(),
        new Named(said.type(), id, said.properties()),
        question.context(),
        question.token());
  }

  private static AccessRequest doing(AccessRequest question, String action) {
    return new AccessRequest(
        question.subject(),
        new Asked(action),
        question.object(),
        question.context(),
        question.token());
  }
}
