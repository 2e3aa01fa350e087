package io.prokura.outbound;

import io.prokura.kernel.World;
import io.prokura.outbound.Fetched.Failed;
import io.prokura.outbound.Fetched.Failure;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLSocketFactory;

/// Sends requests to servers that others name, so that nobody can use this server to reach what
/// they can't reach themselves, or to wear it or a third party out.
///
/// Only `https`, with a certificate for the host in the URL. The name is resolved once, every
/// address has to be an ordinary public one, and the connection goes to exactly those. Nothing is
/// kept between requests: no cookies, no connections, no credentials. Redirects are not followed,
/// proxies not used, encoded contents not taken. Time, size, what runs at once and what goes to one
/// host or address in a minute are bounded.
public final class Outbound {
  private static final int BODY_MAX = 32 * 1024;

  private final Bounds bounds;
  private final Reach reach;
  private final Resolver resolver;
  private final SSLSocketFactory tls;
  private final Allowance allowance;

  /// `tls` says which certificates count.
  public Outbound(
      World world, Bounds bounds, Reach reach, Resolver resolver, SSLSocketFactory tls) {
    this.bounds = bounds;
    this.reach = reach;
    this.resolver = resolver;
    this.tls = tls;
    allowance = new Allowance(world, bounds);
  }

  /// How long a request may take in all, resolving included; how many run at once, and how many go
  /// to one host and to one address in a minute.
  public record Bounds(Duration time, int running, int perMinute) {
    /// For whatever a stranger names.
    public static final Bounds STRANGERS = new Bounds(Duration.ofSeconds(3), 16, 30);

    /// For what an administrator registered.
    public static final Bounds REGISTERED = new Bounds(Duration.ofSeconds(3), 64, 3_000);
  }

  /// Which hosts may be reached.
  public enum Reach {
    /// Public ones only.
    PUBLIC,
    /// This machine as well, also without TLS: only for a server that is itself known by a name of
    /// this machine alone, and so has no one else's network to guard.
    LOOPBACK_TOO;

    /// What the server that is known as `issuer` may reach.
    public static Reach of(String issuer) {
      return Destination.parse(issuer).filter(Destination::isLoopback).isPresent()
          ? LOOPBACK_TOO
          : PUBLIC;
    }
  }

  /// What is sent in a POST.
  public record Content(String type, String text) {}

  /// Fetches what `url` names; only status 200 counts, with at most `bytesMax` bytes.
  public Fetched get(String url, String accept, int bytesMax) {
    var headers = Map.of("Accept", accept);
    return send(url, new Exchange.Message("GET", headers, "", bytesMax, status -> status == 200));
  }

  /// Sends `content` to `url` with further `headers`; status 200 and 204 count.
  public Fetched post(String url, Content content, Map<String, String> headers, int bytesMax) {
    var all = new java.util.TreeMap<>(headers);
    all.put("Content-Type", content.type());
    return send(
        url,
        new Exchange.Message(
            "POST", all, content.text(), bytesMax, status -> status == 200 || status == 204));
  }

  private Fetched send(String url, Exchange.Message message) {
    var destination = Destination.parse(url);
    if (destination.filter(this::mayBeNamed).isEmpty()) {
      return new Failed(Failure.URL_REFUSED, "not a URL that anything is sent to");
    }
    if (message.text().length() > BODY_MAX) {
      throw new IllegalArgumentException("more is sent than fits into a socket's buffer");
    }
    if (!allowance.take(destination.get().host()) || !allowance.begin()) {
      return new Failed(Failure.BUSY, "too many requests");
    }
    var exchange = new Exchange(destination.get(), message, reach, resolver, tls, allowance);
    return waited(exchange);
  }

  /// Whether `url` is one that something may be sent to, as far as its text tells.
  public boolean takes(String url) {
    return Destination.parse(url).filter(this::mayBeNamed).isPresent();
  }

  private boolean mayBeNamed(Destination destination) {
    return destination.isSecure() || (reach == Reach.LOOPBACK_TOO && destination.isLoopback());
  }

  /// The exchange runs on a thread of its own, as resolving a name knows no bound of time and holds
  /// the carrier of a virtual thread. When the time is over its connection is closed under it.
  private Fetched waited(Exchange exchange) {
    var outcome = new CompletableFuture<Fetched>();
    Thread.ofPlatform()
        .daemon()
        .name("outbound")
        .start(
            () -> {
              try {
                outcome.complete(exchange.run());
              } catch (RuntimeException | Error e) {
                outcome.completeExceptionally(e);
              } finally {
                allowance.end();
              }
            });
    try {
      return outcome.get(bounds.time().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      exchange.end();
      return new Failed(Failure.TOO_SLOW, "not over in " + bounds.time());
    } catch (InterruptedException e) {
      exchange.end();
      Thread.currentThread().interrupt();
      return new Failed(Failure.TOO_SLOW, "interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException("a request to another server failed", e.getCause());
    }
  }
}
