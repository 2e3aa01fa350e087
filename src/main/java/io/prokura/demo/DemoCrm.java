package io.prokura.demo;

import io.prokura.cli.HttpCaller;
import io.prokura.kernel.World;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Runs the demo's MCP server alone, for a server that is running already, until the process is
/// told to end. So MCP clients can be tried against a resource that Prokura protects.
@Command(
    name = "demo-crm",
    description = "Run the sample MCP server of the demo for a server that is running.",
    mixinStandardHelpOptions = true)
public final class DemoCrm implements Callable<Integer> {
  private static final String SECRET = "PROKURA_CRM_SECRET";

  private final World world;
  private final Map<String, String> environment;

  @Option(
      names = "--issuer",
      paramLabel = "URL",
      required = true,
      description = "the authorization server whose tokens are taken, and which is asked")
  private String issuer = "";

  @Option(
      names = "--workload",
      paramLabel = "ID",
      required = true,
      description = "the workload that the CRM proves itself as; its secret is in " + SECRET)
  private String workload = "";

  @Option(names = "--port", paramLabel = "N", description = "port to listen on (any free one)")
  private int port;

  @Spec private CommandSpec spec = CommandSpec.create();

  /// The command for somebody with this environment.
  public DemoCrm(World world, Map<String, String> environment) {
    this.world = world;
    this.environment = Map.copyOf(environment);
  }

  @Override
  public Integer call() throws InterruptedException {
    var secret = environment.getOrDefault(SECRET, "");
    if (secret.isEmpty()) {
      throw new ParameterException(spec.commandLine(), SECRET + " is not set");
    }
    var nowhere = Path.of("");
    try (var http = new HttpCaller()) {
      var stage = Stage.of(world, http, issuer, nowhere, nowhere);
      var crm = new Crm(stage, workload, secret, port);
      Runtime.getRuntime().addShutdownHook(new Thread(crm::close));
      var out = spec.commandLine().getOut();
      out.println("prokura: the CRM is the resource " + crm.identifier());
      out.println("prokura: its tools: " + String.join(" ", Tool.actions()));
      out.flush();
      new CountDownLatch(1).await();
      return 0;
    }
  }
}
