package io.prokura.bench;

import io.prokura.kernel.World;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// A running server with an organisation registered at it, and the load to put on it.
final class Stage implements AutoCloseable {
  /// That the flow was granted, and that the token was issued.
  private static final int FLOW_ENTRIES = 2;

  private static final Duration RECORD_MAX = Duration.ofSeconds(20);
  private static final Duration LOAD_SLACK = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(20);

  private final Workspace workspace;
  private final ServerProcess server;
  private final ApiClient api;
  private final Organisation organisation;
  private final Settings settings;

  private Stage(
      Workspace workspace,
      ServerProcess server,
      ApiClient api,
      Organisation organisation,
      Settings settings) {
    this.workspace = workspace;
    this.server = server;
    this.api = api;
    this.organisation = organisation;
    this.settings = settings;
  }

  /// Starts a server on an empty database in `workspace` and registers everything at it.
  static Stage open(Workspace workspace, World world, Settings settings) {
    var server = ServerProcess.start(workspace);
    try {
      var api = new ApiClient(server);
      var organisation = Organisation.register(api, world);
      return new Stage(workspace, server, api, organisation, settings);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /// Starts a server on what another has left in `workspace`, where `organisation` is registered.
  static Stage resume(Workspace workspace, Organisation organisation, Settings settings) {
    var server = ServerProcess.start(workspace);
    try {
      return new Stage(workspace, server, new ApiClient(server), organisation, settings);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  Organisation organisation() {
    return organisation;
  }

  ServerProcess server() {
    return server;
  }

  ApiClient api() {
    return api;
  }

  /// A delegated token of every agent, in their order.
  List<String> delegatedTokens() {
    return organisation.agents().stream()
        .map(agent -> api.token(agent, Requests.delegatedToken(agent)))
        .toList();
  }

  /// The people of the organisation, each signed in with a browser, in their order.
  List<Person> people(World world) {
    var ids = organisation.people();
    return IntStream.range(0, ids.size())
        .mapToObj(i -> Person.setUp(api, ids.get(i), Organisation.userName(i), world))
        .toList();
  }

  /// Measures requests that each leave an entry, and that the entries are in the signed tree.
  Measured recorded(String name, LoadPlan.Kind kind, String expected, Iterator<byte[]> requests) {
    return run(name, kind, expected, requests, settings).measured();
  }

  /// What was measured, and the windows of a sustained run.
  record Run(Measured measured, List<Seen> windows) {}

  /// A window, and the memory that the server had resident at its end, in MB.
  record Seen(Window window, double residentMb) {}

  /// As [#recorded], for other settings than the stage has.
  Run run(
      String name,
      LoadPlan.Kind kind,
      String expected,
      Iterator<byte[]> requests,
      Settings settings) {
    long before = api.treeSize();
    var load = load(kind, expected, requests, settings);
    long after = System.nanoTime();
    long answered = load.result().responses() + load.result().warmUp();
    long entries = kind == LoadPlan.Kind.FLOW ? answered * FLOW_ENTRIES : answered;
    long inTree = awaitTree(before + entries) - before;
    var recorded = new Figure("recorded", inTree, "entries_in_the_signed_tree");
    var behind = new Figure("sequenced_after", (System.nanoTime() - after) / 1e6, "ms");
    return new Run(measured(name, load, List.of(recorded, behind)), load.windows());
  }

  /// Waits until the signed tree holds `wanted` entries and returns how many it holds then.
  long awaitTree(long wanted) {
    long since = System.nanoTime();
    long inTree = api.treeSize();
    while (inTree < wanted) {
      if (System.nanoTime() - since > RECORD_MAX.toNanos()) {
        throw new BenchmarkFailure(
            "%d entries have to be in the tree, but only %d are".formatted(wanted, inTree));
      }
      pause();
      inTree = api.treeSize();
    }
    return inTree;
  }

  /// Floods the server with requests at a rate, for other settings than the stage has, and returns
  /// what [Flood] tells. May go on beside another load.
  Map<String, Double> flood(
      Settings settings, double perSecond, String expected, Iterator<byte[]> requests) {
    var plan = plan(LoadPlan.Kind.REPEAT, settings, expected);
    var values = new TreeMap<String, Double>();
    for (var line : carriedOut(plan, requests, Flood.class, String.valueOf(perSecond)).lines()) {
      int space = line.indexOf(' ');
      values.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
    }
    return values;
  }

  /// Measures requests that leave no entry.
  Measured unrecorded(String name, LoadPlan.Kind kind, String expected, Iterator<byte[]> requests) {
    return unrecorded(name, kind, expected, requests, settings);
  }

  /// The same for other settings than the stage has.
  Measured unrecorded(
      String name,
      LoadPlan.Kind kind,
      String expected,
      Iterator<byte[]> requests,
      Settings settings) {
    return measured(name, load(kind, expected, requests, settings), List.of());
  }

  private Measured measured(String name, Loaded load, List<Figure> more) {
    var details = new ArrayList<>(load.result().details(load.connections(), load.serverCpu()));
    details.addAll(more);
    details.add(new Figure("resident", server.residentMb(), "MB"));
    return Measured.of(new Figure(name, load.result().perSecond(), load.unit()), details);
  }

  /// What the load saw, and the processor time that the server took meanwhile.
  private record Loaded(
      LoadResult result, int connections, String unit, List<Seen> windows, Duration serverCpu) {}

  private Loaded load(
      LoadPlan.Kind kind, String expected, Iterator<byte[]> requests, Settings settings) {
    var plan = plan(kind, settings, expected);
    var done = carriedOut(plan, requests, Load.class);
    return new Loaded(
        LoadResult.parse(done.lines()),
        settings.connections(),
        kind == LoadPlan.Kind.FLOW ? "flows/s" : "requests/s",
        done.windows(),
        done.serverCpu());
  }

  private LoadPlan plan(LoadPlan.Kind kind, Settings settings, String expected) {
    return new LoadPlan(
        kind,
        server.port(),
        settings.connections(),
        settings.warmUp(),
        settings.duration(),
        settings.window(),
        expected);
  }

  /// What a process of the load printed, the windows it told of, and the processor time that the
  /// server took meanwhile.
  private record Done(List<String> lines, List<Seen> windows, Duration serverCpu) {}

  private Done carriedOut(
      LoadPlan plan, Iterator<byte[]> requests, Class<?> main, String... arguments) {
    var name = main.getSimpleName().toLowerCase(Locale.ROOT);
    var file = workspace.folder().resolve(name + ".plan");
    try {
      plan.write(file, requests);
      var patience = plan.warmUp().plus(plan.duration()).multipliedBy(3).plus(LOAD_SLACK);
      var done = run(name, JavaCommand.small(main, file.toString(), arguments), patience);
      Files.delete(file);
      return done;
    } catch (IOException e) {
      throw new BenchmarkFailure("cannot pass the plan to the load", e);
    }
  }

  private Done run(String name, List<String> command, Duration patience) {
    try (var child = Child.start(name, command, Map.of(), workspace.folder())) {
      var lines = new ArrayList<String>();
      var windows = new ArrayList<Seen>();
      var spent = Duration.ZERO;
      var since = Duration.ZERO;
      for (var line = child.line(patience); line.isPresent(); line = child.line(patience)) {
        var said = line.get();
        if (said.startsWith("failed ")) {
          throw server.failure("gave another response than expected: " + said.substring(7));
        }
        if (said.startsWith(Window.WORD)) {
          windows.add(new Seen(Window.parse(said), server.residentMb()));
          continue;
        }
        switch (said) {
          case Load.MEASURING -> since = server.cpu();
          case Load.PAUSED -> spent = spent.plus(server.cpu().minus(since));
          default -> lines.add(said);
        }
      }
      if (lines.isEmpty()) {
        throw child.failure("ended without a result");
      }
      return new Done(lines, windows, spent);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchmarkFailure("interrupted", e);
    }
  }

  @Override
  public void close() {
    api.close();
    server.close();
  }
}
