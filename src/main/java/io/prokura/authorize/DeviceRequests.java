package io.prokura.authorize;

import static io.prokura.kernel.Refusal.SCOPE_NOT_PERMITTED;
import static io.prokura.kernel.Result.ok;
import static io.prokura.kernel.Result.refused;

import io.prokura.authorize.PolledRequest.Channel;
import io.prokura.catalogue.Catalogue;
import io.prokura.catalogue.Resource;
import io.prokura.catalogue.Sensitivity;
import io.prokura.clients.AuthenticatedClient;
import io.prokura.http.Form;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Scopes;
import io.prokura.kernel.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Reads the requests of devices (RFC 8628 §3.1). Whoever starts one can send its code to somebody
/// else and hope that they allow it, so the most sensitive actions can't be had in this way.
public final class DeviceRequests {
  private static final Duration LIFETIME = Duration.ofMinutes(10);

  private final World world;
  private final AskedReader reader;
  private final Catalogue catalogue;

  public DeviceRequests(World world, AskedReader reader, Catalogue catalogue) {
    this.world = world;
    this.reader = reader;
    this.catalogue = catalogue;
  }

  /// Reads the parameters of a request by `client`, which came from the address `source`.
  Result<PolledRequest> read(AuthenticatedClient client, Form parameters, String source) {
    var read = reader.read(client.clientId(), parameters);
    if (!(read instanceof Ok(var asked))) {
      return read.refusal();
    }
    var harmless = harmless(catalogue.resourceAt(asked.resource()).orElseThrow());
    return asked.scopes().within(harmless)
        ? ok(
            PolledRequest.of(
                world, asked, new Channel.Device(source), Optional.empty(), List.of(), LIFETIME))
        : refused(SCOPE_NOT_PERMITTED, "a device can have only: " + harmless);
  }

  private static Scopes harmless(Resource resource) {
    return new Scopes(
        resource.scopes().values().stream()
            .filter(
                scope ->
                    resource
                        .action(scope)
                        .filter(action -> action.sensitivity() != Sensitivity.HIGH)
                        .isPresent())
            .toList());
  }

  /// The question without what a device can't have; refuses `SCOPE_NOT_PERMITTED` when that leaves
  /// nothing.
  static Result<ConsentQuestion> withoutSensitive(ConsentQuestion question) {
    var offered = question.offered().intersect(harmless(question.resource()));
    return offered.isEmpty()
        ? refused(SCOPE_NOT_PERMITTED, "nothing that is asked for can be had by a device")
        : ok(
            new ConsentQuestion(
                question.asked(),
                question.user(),
                question.actor(),
                question.resource(),
                offered,
                question.claims()));
  }
}
