package io.prokura.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The organisation's schema and policies that the server under test decides by, beside the
/// permissions that are registered.
final class OrganisationFolder {
  private static final String SCHEMA =
      """
      entity Ticket = { status: String };

      action "tickets.read", "tickets.update" appliesTo {
        principal: [Prokura::User, Prokura::Workload, Prokura::Agent],
        resource: [Ticket],
        context: { now: datetime, onBehalf: Bool, depth: Long, purpose?: String },
      };
      """;

  private static final String POLICIES =
      """
      @id("crm.closed")
      forbid (principal, action == Action::"tickets.update", resource is Ticket)
      when { resource.status == "closed" };

      @id("crm.depth")
      forbid (
        principal,
        action in [Action::"tickets.read", Action::"tickets.update"],
        resource is Ticket
      )
      when { context.depth > 3 };

      @id("crm.purpose")
      forbid (
        principal is Prokura::Agent,
        action in [Action::"tickets.read", Action::"tickets.update"],
        resource is Ticket
      )
      unless { context has purpose && context.purpose == "support.triage" };

      @id("crm.risk")
      forbid (principal is Prokura::Agent, action == Prokura::Action::"obtain_token", resource)
      when { principal.risk == "high" && context.depth > 1 };
      """;

  private OrganisationFolder() {}

  /// The folder, written when it is not there yet.
  static Path in(Workspace workspace) {
    var folder = workspace.folder().resolve("organisation");
    try {
      if (!Files.exists(folder)) {
        Files.createDirectory(folder);
        Files.writeString(folder.resolve("schema.cedarschema"), SCHEMA);
        Files.writeString(folder.resolve("crm.cedar"), POLICIES);
      }
      return folder;
    } catch (IOException e) {
      throw new BenchmarkFailure("cannot write " + folder, e);
    }
  }
}
