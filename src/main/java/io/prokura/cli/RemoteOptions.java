package io.prokura.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The options by which every command finds its server and proves itself, and what stands in for
/// them where they are absent.
final class RemoteOptions {
  private static final String SERVER_DEFAULT = "http://localhost:8420";

  private final Map<String, String> environment;
  private final Path home;

  RemoteOptions(Map<String, String> environment, Path home) {
    this.environment = environment;
    this.home = home;
  }

  static void add(CommandSpec spec) {
    spec.addOption(
        option("--server", "URL", "server to talk to (PROKURA_SERVER, or this machine's)"));
    token(spec);
    trust(spec);
    data(spec);
  }

  static void token(CommandSpec spec) {
    spec.addOption(
        option("--token", "TOKEN", "access token (PROKURA_TOKEN, or the admin socket's)"));
  }

  static void trust(CommandSpec spec) {
    spec.addOption(
        option(
            "--trust",
            "FILE",
            "PEM file of the certificates to trust a server by, and no others (PROKURA_TRUST)"));
  }

  static void data(CommandSpec spec) {
    spec.addOption(option("--data", "DIR", "data folder of this machine's server"));
  }

  private static OptionSpec option(String name, String label, String help) {
    return OptionSpec.builder(name).type(String.class).paramLabel(label).description(help).build();
  }

  /// The server and token that the options, the environment or the admin socket name, in this
  /// order. A token from the socket stays with the server that gave it.
  Remote remote(Arguments arguments) {
    var otherwise = environment.getOrDefault("PROKURA_SERVER", "");
    return at(arguments, arguments.text("--server").orElse(otherwise));
  }

  /// The server at this address, or the one that the token comes from when there is no address.
  Remote at(Arguments arguments, String server) {
    var token = arguments.text("--token").orElse(environment.getOrDefault("PROKURA_TOKEN", ""));
    if (!token.isEmpty()) {
      return Remote.at(server.isEmpty() ? SERVER_DEFAULT : server, token, caller(arguments));
    }
    var given = AdminDoor.ask(data(arguments));
    var address = server.isEmpty() ? given.issuer() : server;
    var remote = Remote.at(address, given.accessToken(), caller(arguments));
    var to = remote.server();
    if (!to.toString().equals(given.issuer()) && !Remote.isLoopback(to)) {
      throw Failure.usage(
          "this machine's server is " + given.issuer() + "; give --token for " + server);
    }
    return remote;
  }

  /// What sends requests to servers that the caller trusts.
  HttpCaller caller(Arguments arguments) {
    return trusted(arguments).map(HttpCaller::new).orElseGet(HttpCaller::new);
  }

  /// The certificates that the caller trusts servers by, where they are named.
  Optional<SSLContext> trusted(Arguments arguments) {
    var file = arguments.text("--trust").orElse(environment.getOrDefault("PROKURA_TRUST", ""));
    return file.isEmpty() ? Optional.empty() : Optional.of(Trusted.by(Path.of(file)));
  }

  /// The data folder of this machine's server.
  Path data(Arguments arguments) {
    var named = arguments.text("--data").orElse(environment.getOrDefault("PROKURA_DATA", ""));
    if (!named.isEmpty()) {
      return Path.of(named);
    }
    var base = environment.getOrDefault("XDG_DATA_HOME", "");
    var shared = base.startsWith("/") ? Path.of(base) : home.resolve(".local/share");
    return shared.resolve("prokura");
  }
}
