package io.prokura.asgardeo;

import static io.prokura.kernel.Refusal.MALFORMED_REQUEST;
import static io.prokura.kernel.Result.refused;

import io.prokura.authorize.PolledFlow;
import io.prokura.clients.AuthenticatedClient;
import io.prokura.clients.DpopProofs;
import io.prokura.grants.ActorTokens;
import io.prokura.grants.ClientEndpoint;
import io.prokura.http.Form;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.World;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Asgardeo's backchannel authentication endpoint: ours (OpenID Connect CIBA Core §7), to which an
/// agent is named by its own access token in place of its id.
public final class CibaEndpoint {
  /// How long a request waits at most.
  private static final Duration LONGEST = Duration.ofHours(1);

  private static final Duration USUAL = Duration.ofMinutes(10);
  private static final String EXPIRY = "requested_expiry";
  private static final Pattern SECONDS = Pattern.compile("[1-9][0-9]{0,8}");

  /// Nobody is written to: a person finds what waits for them at their own page, whose address goes
  /// to clients that tell them themselves.
  private static final String EXTERNAL = "external";

  private static final List<String> CHANNELS = List.of("email", "sms", EXTERNAL);

  private final String issuer;
  private final World world;
  private final ClientEndpoint clients;
  private final DpopProofs proofs;
  private final ActorTokens actors;
  private final PolledFlow polled;
  private final CarriedTokens carried;

  public CibaEndpoint(
      String issuer,
      World world,
      ClientEndpoint clients,
      DpopProofs proofs,
      ActorTokens actors,
      PolledFlow polled,
      CarriedTokens carried) {
    this.issuer = issuer;
    this.world = world;
    this.clients = clients;
    this.proofs = proofs;
    this.actors = actors;
    this.polled = polled;
    this.carried = carried;
  }

  /// Asks a person. An actor token that is bound to a key needs a proof of that key here and with
  /// each poll.
  public Response ciba(Request request) {
    return clients.answer(
        "ciba",
        request,
        (client, form) -> {
          var proof = proofs.proven(request);
          return proof instanceof Ok(var shown)
              ? asked(client.showing(shown), form)
              : proof.refusal();
        });
  }

  private Result<Response> asked(AuthenticatedClient client, Form form) {
    var channel = form.get("notification_channel");
    if (channel.isPresent() && !CHANNELS.contains(channel.get())) {
      return refused(MALFORMED_REQUEST, "notification_channel is one of: " + CHANNELS);
    }
    var token = form.get("actor_token");
    if (token.isEmpty()) {
      return begun(client, form, within(form, LONGEST), token);
    }
    var own = actors.own(token.get(), client.confirmation());
    if (!(own instanceof Ok(var actor))) {
      return refused(MALFORMED_REQUEST, "Invalid actor_token: " + ((Refused<?>) own).detail());
    }
    var named = form.get("requested_actor");
    if (named.isPresent() && !named.get().equals(actor.agent().text())) {
      return refused(MALFORMED_REQUEST, "Actor token subject does not match the requested actor.");
    }
    var left = Duration.between(world.now(), actor.until());
    var put = new LinkedHashMap<>(within(form, left.compareTo(LONGEST) < 0 ? left : LONGEST));
    put.put("requested_actor", actor.agent().text());
    return begun(client, form, put, token);
  }

  /// How long the request is to wait: what is asked for, and not longer than `most`, for an answer
  /// to an actor token that has expired is of no use.
  private static Map<String, String> within(Form form, Duration most) {
    var asked = form.get(EXPIRY).orElse(String.valueOf(USUAL.toSeconds()));
    long seconds = SECONDS.matcher(asked).matches() ? Long.parseLong(asked) : 0;
    return seconds > 0
        ? Map.of(EXPIRY, String.valueOf(Math.max(1, Math.min(seconds, most.toSeconds()))))
        : Map.of();
  }

  private Result<Response> begun(
      AuthenticatedClient client, Form form, Map<String, String> put, Optional<String> token) {
    var meant = Parameters.of(form, Set.of("actor_token", "notification_channel"), put);
    return polled
        .backchannel(client, meant)
        .map(started -> Response.json(200, body(client, form, started, token)));
  }

  private Json body(
      AuthenticatedClient client, Form form, PolledFlow.Started started, Optional<String> token) {
    var secret = started.secret();
    // A client that is told of the answer is told the request's name as it stands here.
    var carrying = token.filter(_ -> !form.has("client_notification_token"));
    var body =
        Json.object()
            .put(
                "auth_req_id",
                carrying.map(it -> carried.with(secret, client.clientId(), it)).orElse(secret))
            .put("interval", started.interval().toSeconds())
            .put("expires_in", started.lifetime().toSeconds());
    if (form.get("notification_channel").equals(Optional.of(EXTERNAL))) {
      body.put("auth_url", issuer + "/me");
    }
    return body.build();
  }
}
