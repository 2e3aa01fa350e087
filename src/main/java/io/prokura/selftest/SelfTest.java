package io.prokura.selftest;

import io.prokura.kernel.World;
import java.io.PrintWriter;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/// Plays every attack against a running deployment and says which of them held. What it registers
/// for that it ends again, and what can't be ended is over within the hour.
public final class SelfTest {
  private static final String METADATA = "/.well-known/oauth-authorization-server";

  private final World world;
  private final Wire wire;
  private final Registrar registrar;

  /// A test of `server`, as the administrator whose token `tokens` gives, anew when one is over.
  /// TLS trusts what `trust` trusts, or what this machine does.
  public SelfTest(World world, URI server, Supplier<String> tokens, Optional<SSLContext> trust) {
    this(world, new HttpWire(server, trust), tokens);
  }

  /// The same over another line.
  SelfTest(World world, Wire wire, String token) {
    this(world, wire, () -> token);
  }

  private SelfTest(World world, Wire wire, Supplier<String> tokens) {
    this.world = world;
    this.wire = wire;
    registrar = new Registrar(world, wire, tokens);
  }

  /// Every attack, in the order in which they are played. The last ones end who takes part.
  static List<Attack> attacks() {
    return Stream.of(
            ForgedTokens.all(),
            ForgedAssertions.all(),
            Bindings.all(),
            Secrets.all(),
            Malformed.all(),
            Exchanges.all(),
            Decisions.all(),
            AuthorizationRequests.unanswerable(),
            AuthorizationRequests.answered(),
            AuthorizationRequests.pushed(),
            Browsing.all(),
            Replays.all(),
            Devices.all(),
            Backchannel.all(),
            Registrations.all(),
            OpenRegistrations.all(),
            ClientDocuments.all(),
            IssuerAssertions.all(),
            IdJags.all(),
            Surface.all(),
            Endings.all())
        .flatMap(List::stream)
        .toList();
  }

  /// Plays all attacks and writes a line for each to `out`, or one JSON object at the end. Ends
  /// what it registered.
  public Outcome play(PrintWriter out, boolean asJson) {
    var report = new Report(out, asJson, world.now());
    try {
      var issuer = issuer();
      report.against(issuer);
      var scene = new Casting(world, wire, registrar, issuer).scene();
      for (var attack : attacks()) {
        report.add(attack, attack.on(scene));
        if (report.isLastUnclear() && !answers()) {
          report.stopped("the server answers no more");
          break;
        }
      }
    } catch (Unclear e) {
      report.stopped(e.why());
    } finally {
      report.left(end());
    }
    return report.finish();
  }

  /// Ends what was registered, where [#play] is kept from doing so; tells what could not be ended.
  public List<String> end() {
    return registrar.end();
  }

  private String issuer() {
    var metadata = wire.send(Sent.get(METADATA));
    return metadata
        .object()
        .text("issuer")
        .filter(_ -> metadata.isGood())
        .orElseThrow(() -> new Unclear("no authorization server is there: " + metadata.line()));
  }

  private boolean answers() {
    try {
      return wire.send(Sent.get("/health/live")).isGood();
    } catch (Unclear e) {
      return false;
    }
  }

  /// What came of the whole test.
  public enum Outcome {
    /// Every attack held.
    HELD,
    /// At least one attack did not.
    BROKEN,
    /// None is known not to hold, but not all could be judged, or something was left behind.
    UNCLEAR
  }
}
