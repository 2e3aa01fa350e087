package io.prokura.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/// Sends HTTP requests. Follows no redirect, so that a token goes only where it was meant to go;
/// every wait and every answer has a bound.
public final class HttpCaller implements AutoCloseable {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(30);
  private static final int BODY_MAX = 32 * 1024 * 1024;

  private final HttpClient client;

  private HttpCaller(HttpClient.Builder builder) {
    client =
        builder
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_MAX)
            .build();
  }

  /// Trusts the servers that this machine trusts.
  public HttpCaller() {
    this(HttpClient.newBuilder());
  }

  /// Trusts the servers that `context` trusts, and no others.
  HttpCaller(SSLContext context) {
    this(HttpClient.newBuilder().sslContext(context));
  }

  /// No answer came. `isSent` tells whether the request may have been done all the same.
  public static final class NoAnswerException extends IOException {
    private static final long serialVersionUID = 1L;
    private final boolean isSent;

    NoAnswerException(String message, boolean isSent, Throwable cause) {
      super(message, cause);
      this.isSent = isSent;
    }

    public boolean isSent() {
      return isSent;
    }
  }

  /// Sends the request and reads the answer, whatever its status.
  public Answer send(Call call) throws NoAnswerException {
    var request = HttpRequest.newBuilder(call.uri()).timeout(ANSWER_MAX);
    call.headers().forEach(request::setHeader);
    request.method(
        call.method(),
        call.body().length == 0
            ? BodyPublishers.noBody()
            : BodyPublishers.ofByteArray(call.body()));
    try {
      var response = client.send(request.build(), BodyHandlers.ofInputStream());
      try (var in = response.body()) {
        var body = in.readNBytes(BODY_MAX + 1);
        if (body.length > BODY_MAX) {
          throw new NoAnswerException("the answer is too long", true, new IOException());
        }
        return new Answer(
            response.statusCode(), response.headers().firstValue("ETag").orElse(""), body);
      }
    } catch (ConnectException | HttpConnectTimeoutException e) {
      throw new NoAnswerException("nobody listens there", false, e);
    } catch (HttpTimeoutException e) {
      throw new NoAnswerException("no answer within " + ANSWER_MAX.toSeconds() + " s", true, e);
    } catch (SSLException e) {
      var what = "its certificate is not trusted, or there is no TLS; see --trust";
      throw new NoAnswerException(what, false, e);
    } catch (NoAnswerException e) {
      throw e;
    } catch (IOException e) {
      throw new NoAnswerException("the connection broke", true, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NoAnswerException("interrupted", true, e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
