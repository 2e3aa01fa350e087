package io.prokura.authzen;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.app.TestServer;
import io.prokura.json.Json;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Base64;

/// A running server with an enforcer of resources, which is asked as the enforcer. In bodies `'`
/// stands for `"`.
final class Enforced implements AutoCloseable {
  final TestServer server;
  final String admin;
  final String owner;
  final String enforcer;
  private final String secret;

  Enforced(TestServer server) {
    this.server = server;
    admin = server.operatorToken();
    owner = made("users", "{'userName':'alice'}");
    enforcer = made("workloads", "{'name':'records','owner':'" + owner + "'}");
    secret = secret(enforcer);
  }

  @Override
  public void close() {
    server.close();
  }

  /// Registers a resource that `by` enforces and is trusted with the properties of.
  String resource(String identifier, String type, String by, String asserts) {
    return made(
        "resources",
        """
        {'identifier':'%s','name':'%s','agentFacing':false,'types':['%s'],'enforcers':['%s'],
         'asserts':[%s],
         'actions':[{'name':'read','sensitivity':'low'},{'name':'write','sensitivity':'low'},
                    {'name':'delete','sensitivity':'low'}]}
        """
            .formatted(identifier, type, type, by, asserts));
  }

  Json.Obj json(String text) {
    return server.object(text.replace('\'', '"'));
  }

  /// Makes a thing over the management API and returns its id.
  String made(String things, String body) {
    return server.done("/api/v1/" + things, admin, json(body)).text("id").orElseThrow();
  }

  String secret(String workload) {
    return server
        .done("/api/v1/workloads/" + workload + "/credentials", admin, json("{'kind':'secret'}"))
        .text("secret")
        .orElseThrow();
  }

  /// A question of the enforcer.
  HttpRequest.Builder request(String path, String body) {
    var pair = Base64.getEncoder().encodeToString((enforcer + ":" + secret).getBytes(UTF_8));
    return HttpRequest.newBuilder(server.uri(path))
        .header("Content-Type", "application/json")
        .header("Authorization", "Basic " + pair)
        .POST(BodyPublishers.ofString(body.replace('\'', '"')));
  }
}
