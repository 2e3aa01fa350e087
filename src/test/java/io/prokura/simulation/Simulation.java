package io.prokura.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.World;
import io.prokura.sql.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// The whole server under one seed and one thread: nodes on one database, a clock, and what is
/// known of both. Whatever is done to it is done through here, so that everything is watched.
final class Simulation {
  /// How long a start takes.
  private static final Duration START = Duration.ofMillis(300);

  final Dice dice;
  final SimulatedClock clock = new SimulatedClock();
  final World world;
  final Model model = new Model();
  final Tally tally;
  final Trouble trouble;
  final Stored stored;
  final StoredRegisters registers;
  final List<Node> nodes;

  /// A node that nothing ever happens to, to look through.
  final Node observer;

  /// Every call that was made, to be made again.
  final List<Call> past = new ArrayList<>();

  private final Attribution attribution;
  private final Learner learner = new Learner(model);
  private final OperatorToken operator;
  private final List<Invariant> invariants = new ArrayList<>();
  private final List<String> trace = new ArrayList<>();
  private Optional<Doing> doing = Optional.empty();
  private boolean disturbed;

  /// What a node is in the middle of.
  sealed interface Doing {
    Node node();

    record Answering(Node node, Call call) implements Doing {}

    record Working(Node node, String work) implements Doing {}
  }

  Simulation(long seed, Database database, Path folder, Tally tally) {
    this.tally = tally;
    dice = new Dice(seed);
    world = new World(clock, new SplittableRandom(seed));
    trouble = new Trouble(dice, Trouble.Rates.drawn(dice));
    stored = new Stored(database);
    registers = new StoredRegisters(database);
    attribution = new Attribution(stored);
    nodes =
        List.of(
            new Node("one", world, database, trouble, folder.resolve("one")),
            new Node("two", world, database, trouble, folder.resolve("two")));
    var calm = new Trouble(dice, Trouble.Rates.NONE);
    observer = new Node("observer", world, database, calm, folder.resolve("observer"));
    operator = new OperatorToken(this);
  }

  void watch(List<Invariant> watching) {
    invariants.addAll(watching);
  }

  List<Invariant> invariants() {
    return invariants;
  }

  /// What has happened so far, a line each.
  List<String> trace() {
    return trace;
  }

  void tell(String line) {
    trace.add(line);
  }

  /// How things are: what a node believes that has followed everything.
  View truth() {
    return new View(attribution.place(), clock.instant());
  }

  List<Node> up() {
    return nodes.stream().filter(Node::isUp).toList();
  }

  /// Starts a node, which may fail.
  void start(Node node) {
    clock.pass(START);
    long begun = attribution.begin();
    boolean started = trouble.alone(node::start);
    attribution.end(begun).forEach(learner::notice);
    node.follows(attribution.place());
    tell(node.name() + ": start" + (started ? "" : " failed"));
    tally.count(started ? "start" : "start failed");
    if (trouble.isCalm()) {
      assertThat(started).as("the start of %s, while nothing goes wrong", node.name()).isTrue();
    }
    if (started) {
      invariants.forEach(one -> one.started(node));
    }
  }

  /// Has a node do one piece of its periodic work, which may fail.
  void work(Node node, String work) {
    long begun = attribution.begin();
    doing = Optional.of(new Doing.Working(node, work));
    disturbed = false;
    // Nobody else enters while a node follows: it holds a lock.
    boolean worked =
        work.equals(Node.FOLLOW) ? trouble.alone(() -> node.work(work)) : node.work(work);
    doing = Optional.empty();
    var entries = attribution.end(begun);
    entries.forEach(learner::notice);
    if (work.equals(Node.FOLLOW)) {
      node.mayFollow(attribution.place());
      if (worked) {
        node.follows(attribution.place());
      }
    }
    if (!worked || !entries.isEmpty()) {
      var types = entries.stream().map(Entry::type).toList();
      tell(node.name() + ": " + work + " " + (worked ? types : "failed"));
    }
    if (worked && !disturbed) {
      invariants.forEach(one -> one.worked(node, work));
    }
  }

  /// Has a node follow the others, whatever else goes wrong.
  void follow(Node node) {
    trouble.calmly(() -> work(node, Node.FOLLOW));
  }

  /// What a node is in the middle of, for others to do something meanwhile.
  Optional<Doing> doing() {
    return doing;
  }

  /// Lets others do something in the middle of it, unless it has left its mark already: what is
  /// learned is learned in the order of the record.
  void disturb(Runnable others) {
    if (stored.newest() > attribution.place()) {
      return;
    }
    var outer = doing;
    others.run();
    doing = outer;
    disturbed = true;
  }

  /// Sends a request to a node, learns from what it left behind, and has everything checked.
  Exchange ask(Node node, Call call) {
    var sent = authorized(call);
    long begun = attribution.begin();
    boolean writes = call.wish() instanceof Wish.Change || call.wish() instanceof Wish.Issue;
    var before = writes ? registers.text() : "";
    var view = node.view();
    boolean stale = node.isStale();
    doing = Optional.of(new Doing.Answering(node, call));
    disturbed = false;
    var response = node.answer(sent);
    doing = Optional.empty();
    var entries = attribution.end(begun);
    if (call.wish().isFollowed() && !entries.isEmpty()) {
      node.mayFollow(attribution.place());
    }
    var exchange =
        new Exchange(
            node,
            view,
            node.reached(),
            stale,
            call,
            response,
            entries,
            !disturbed,
            writes && !registers.text().equals(before));
    if (call.wish().isFollowed() && exchange.done() && exchange.succeeded()) {
      node.follows(attribution.place());
    }
    tell(exchange.toString());
    var given = learner.learn(exchange);
    invariants.forEach(one -> one.answered(exchange));
    given.ifPresent(token -> invariants.forEach(one -> one.given(exchange, token)));
    return exchange;
  }

  /// The call with the operator's token where it needs one; that one may be made for it is no
  /// matter of the call's.
  private Call authorized(Call call) {
    long begun = attribution.begin();
    var authorized = operator.added(call);
    attribution.end(begun);
    return authorized;
  }

  /// What a node answers while nothing goes wrong and nobody watches.
  Optional<Response> look(Node node, Call call) {
    var sent = authorized(call);
    return trouble.calmly(() -> node.answer(sent));
  }

  /// How things look to whoever has followed everything.
  Json.Obj observe(Call call) {
    follow(observer);
    return JsonText.object(look(observer, call).orElseThrow().bodyText());
  }
}
