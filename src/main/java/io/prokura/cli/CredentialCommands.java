package io.prokura.cli;

import io.prokura.jose.Algorithm;
import io.prokura.jose.Crypto;
import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result;
import io.prokura.kernel.World;
import io.prokura.tls.Certificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;

/// The commands for how agents, workloads and applications prove themselves. Rotation is adding one
/// credential, letting its holder take it up, and revoking the other.
final class CredentialCommands {
  private static final String HOLDER = "agt_…, wkl_… or cli_… that holds it";
  private static final List<String> FILES =
      List.of("--jwk", "--jwks", "--new-key", "--certificate", "--file");
  private static final List<String> COLUMNS =
      List.of("id", "kind", "state", "createdAt", "expiresAt", "lastUsed");
  private static final List<Field> WRITTEN =
      List.of(
          Field.text("expiresAt", "time it ends, such as 2027-01-31T12:00:00Z"),
          new Field(
              "boundTokens",
              Field.Kind.FLAG,
              "no when a certificate proves who it is and binds no tokens"));
  private static final Noun CREDENTIAL =
      new Noun(
          "credential",
          "credentials",
          "How agents, workloads and applications prove themselves.",
          List.of(),
          COLUMNS,
          List.of(),
          Set.of(),
          List.of(Noun.Step.of("revoke", "End one.")));

  private final World world;
  private final NounCommands commands;

  CredentialCommands(World world, NounCommands commands) {
    this.world = world;
    this.commands = commands;
  }

  CommandSpec command() {
    var parent = commands.of(CREDENTIAL);
    NounCommands.add(parent, list());
    NounCommands.add(parent, create());
    return parent;
  }

  private CommandSpec list() {
    return NounCommands.limited(
            commands.remote(
                "list",
                "List those of one holder.",
                (arguments, remote) ->
                    NounCommands.list(
                        arguments, remote, path(arguments.operand()), Map.of(), COLUMNS)))
        .addPositional(Arguments.operand("HOLDER", HOLDER));
  }

  private CommandSpec create() {
    var spec =
        commands.change(
            "create",
            "Add one: a secret that the server draws and shows once, a key or a certificate.",
            this::create);
    spec.addOption(Arguments.option("--jwk", "FILE", "public key as a JWK"));
    spec.addOption(Arguments.option("--jwks", "FILE", "public keys as a JWK Set"));
    spec.addOption(
        Arguments.option(
            "--new-key",
            "FILE",
            "make a P-256 key, keep it in this new file, add its public half"));
    spec.addOption(Arguments.option("--certificate", "FILE", "the holder's certificate in PEM"));
    spec.addOption(Arguments.flag("--secret", "let the server draw a secret"));
    NounCommands.bodied(spec, WRITTEN);
    return spec.addPositional(Arguments.operand("HOLDER", HOLDER));
  }

  private void create(Arguments arguments, Remote remote) {
    var path = NounCommands.API + path(arguments.operand());
    var body = NounCommands.written(arguments, WRITTEN, body(arguments));
    arguments.show(
        NounCommands.object(remote.change("POST", path, body, commands.key(arguments), Map.of())));
  }

  private Json.Obj body(Arguments arguments) {
    long ways =
        FILES.stream().filter(option -> arguments.text(option).isPresent()).count()
            + (arguments.isSet("--secret") ? 1 : 0);
    if (ways != 1) {
      throw Failure.usage("give one of --secret, " + String.join(", ", FILES));
    }
    return arguments
        .text("--file")
        .map(NounCommands::object)
        .or(() -> arguments.text("--jwk").map(file -> key("jwk", file)))
        .or(() -> arguments.text("--jwks").map(file -> key("jwks", file)))
        .or(() -> arguments.text("--new-key").map(this::newKey))
        .or(() -> arguments.text("--certificate").map(CredentialCommands::certificate))
        .orElseGet(() -> Json.object().put("kind", "secret").build());
  }

  private static Json.Obj key(String member, String file) {
    var key = NounCommands.object(file);
    if (key.get("d").isPresent()) {
      throw Failure.usage(file + " is a private key; send the public half");
    }
    return Json.object().put("kind", "key").put(member, key).build();
  }

  private static Json.Obj certificate(String file) {
    try {
      var held = Certificates.readPem(Files.readString(Path.of(file), StandardCharsets.ISO_8859_1));
      if (held.isEmpty()) {
        throw Failure.usage("no well-formed certificate in PEM: " + file);
      }
      var der = Base64.getEncoder().encodeToString(held.getFirst().getEncoded());
      return Json.object().put("kind", "certificate").put("certificate", der).build();
    } catch (IOException | InvalidPathException | CertificateEncodingException e) {
      throw Failure.usage("cannot read " + file);
    }
  }

  /// A key of which the private half is in a file that only its owner reads, and the body that
  /// registers the public half.
  private Json.Obj newKey(String file) {
    var key = SigningKey.generate(Crypto.jdk(), world, Algorithm.ES256);
    try {
      var own = PosixFilePermissions.fromString("rw-------");
      var path = Path.of(file);
      Files.createFile(path, PosixFilePermissions.asFileAttribute(own));
      Files.write(path, named(key).bytes(), StandardOpenOption.TRUNCATE_EXISTING);
    } catch (IOException | InvalidPathException e) {
      throw Failure.usage("cannot write a new file " + file);
    } catch (UncheckedIOException e) {
      throw Failure.usage("cannot write " + file);
    }
    return Json.object().put("kind", "key").put("jwk", key.verificationKey().toJwk()).build();
  }

  /// The private key with the name that its public half is registered under, which some clients
  /// want to find in it.
  private static Json.Obj named(SigningKey key) {
    return switch (new JsonReader(Limits.standard()).readObject(key.secret())) {
      case Result.Ok<Json.Obj>(var jwk) ->
          Json.object().putAll(jwk.members()).put("kid", key.kid()).build();
      case Result.Refused<Json.Obj> _ -> throw new IllegalStateException("a key is JSON");
    };
  }

  /// Where the credentials of a holder are.
  private static String path(String holder) {
    if (Id.Agent.parse(holder).isPresent()) {
      return "agents/" + holder + "/credentials";
    }
    if (Id.Workload.parse(holder).isPresent()) {
      return "workloads/" + holder + "/credentials";
    }
    if (Id.Client.parse(holder).isPresent()) {
      return "clients/" + holder + "/credentials";
    }
    throw Failure.usage("a holder is an agt_…, wkl_… or cli_…: " + holder);
  }
}
