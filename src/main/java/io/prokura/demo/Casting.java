package io.prokura.demo;

import static io.prokura.demo.Cast.CONTACTS_DELETE;
import static io.prokura.demo.Cast.CONTACTS_EXPORT;
import static io.prokura.demo.Cast.CONTACTS_READ;
import static io.prokura.demo.Cast.PURPOSE;
import static io.prokura.demo.Cast.TICKETS_READ;

import io.prokura.json.Json;
import java.util.List;

/// Registers everybody the story starts from.
final class Casting implements AutoCloseable {
  private static final String SCHEMA =
      """
      entity Contact, Ticket in [Prokura::Resource];
      action "tickets.read" appliesTo {
        principal: [Prokura::User, Prokura::Workload, Prokura::Agent], resource: [Ticket],
      };
      action "contacts.read", "contacts.export", "contacts.delete" appliesTo {
        principal: [Prokura::User, Prokura::Workload, Prokura::Agent], resource: [Contact],
        context: { approved: Bool },
      };
      """;

  private static final String POLICY =
      """
      @id("crm.deleting-needs-approval")
      @description("What cannot be undone needs the word of the person it is done for.")
      forbid (principal, action == Action::"contacts.delete", resource)
      unless { context.approved };
      """;

  private final Stage stage;
  private final Narrator narrator;
  private final Administrator administrator;
  private final Crm crm;
  private final String dana;
  private final String workload;

  /// Registers Dana and the CRM, which she owns, and opens the CRM.
  Casting(Stage stage, Narrator narrator) {
    this.stage = stage;
    this.narrator = narrator;
    this.administrator = new Administrator(stage, narrator);
    this.dana = user("dana", "Dana Registrar", List.of("registrar"));
    this.workload =
        made("workloads", Json.object().put("name", "CRM").put("owner", dana).build(), "crm");
    var secret =
        administrator
            .done(
                "workloads/" + workload + "/credentials",
                Json.object().put("kind", "secret").build())
            .text("secret")
            .orElseThrow(() -> new StepFailed("the CRM was given no secret"));
    this.crm = new Crm(stage, workload, secret);
  }

  /// Registers the rest and says who is who.
  Cast cast() {
    narrator.heading("Before it begins");
    var ben = user("ben", "Ben Backup", List.of());
    var alice = user("alice", "Alice Example", List.of());
    var resource = made("resources", resource(), "crm mcp");
    var purpose = made("purposes", purpose(resource), PURPOSE);
    administrator.done(
        "permissions",
        Json.object()
            .put("principal", alice)
            .put("resource", resource)
            .put("actions", List.of(CONTACTS_READ, CONTACTS_DELETE, CONTACTS_EXPORT))
            .build());
    var vkey =
        administrator
            .receipt(resource)
            .text("vkey")
            .orElseThrow(() -> new StepFailed("the log has no public key"));
    narrator.plain("server   " + stage.issuer());
    narrator.plain("CRM      " + crm.identifier() + ", an MCP server with a secret of its own");
    narrator.plain("people   Dana owns the agents, Ben is her backup, Alice is the one acted for");
    narrator.plain("         Until Alice signs in, tokens from the administrator stand for them.");
    narrator.plain(
        "purpose  " + PURPOSE + " covers reading tickets, reading and deleting contacts");
    narrator.plain("Alice    may read, delete and export contacts herself");
    var alicesHands = alice(alice);
    publish();
    return new Cast(administrator, alicesHands, crm, alice, dana, ben, resource, purpose, vkey);
  }

  private String user(String name, String display, List<String> roles) {
    return made(
        "users",
        Json.object().put("userName", name).put("displayName", display).put("roles", roles).build(),
        name);
  }

  private String made(String path, Json.Obj body, String name) {
    var id =
        administrator
            .done(path, body)
            .text("id")
            .orElseThrow(() -> new StepFailed("POST /api/v1/" + path + ": the answer has no id"));
    narrator.name(id, name);
    return id;
  }

  private Json.Obj resource() {
    return Json.object()
        .put("identifier", crm.identifier())
        .put("name", "CRM")
        .put("types", List.of("Ticket", "Contact"))
        .put(
            "actions",
            Json.array(
                List.of(
                    action(TICKETS_READ, "low"),
                    action(CONTACTS_READ, "medium"),
                    action(CONTACTS_DELETE, "high"),
                    action(CONTACTS_EXPORT, "high"))))
        .put("enforcers", List.of(workload))
        .build();
  }

  /// An action; the contact tells one call of it from another.
  private static Json.Obj action(String name, String sensitivity) {
    return Json.object()
        .put("name", name)
        .put("sensitivity", sensitivity)
        .put("identifiedBy", List.of("contact"))
        .build();
  }

  /// Alice at the management API, where she decides about her own approvals and nothing else.
  private Administrator alice(String id) {
    var managing = administrator.resource(stage.issuer() + "/api/v1");
    administrator.done(
        "permissions",
        Json.object()
            .put("principal", id)
            .put("resource", managing)
            .put("actions", List.of("manage"))
            .build());
    return new Administrator(stage, narrator, "Alice", stage.tokenFor(id));
  }

  private void publish() {
    administrator.publish(
        Json.object()
            .put("note", "what cannot be undone needs a person")
            .put(
                "files",
                Json.array(
                    List.of(
                        Json.object().put("name", "schema.cedarschema").put("text", SCHEMA).build(),
                        Json.object().put("name", "crm.cedar").put("text", POLICY).build())))
            .build());
    narrator.plain("policy   deleting a contact needs the approval of whoever it is done for");
  }

  private Json.Obj purpose(String resource) {
    var covers =
        Json.object()
            .put("resource", resource)
            .put("actions", List.of(TICKETS_READ, CONTACTS_READ, CONTACTS_DELETE))
            .build();
    return Json.object()
        .put("name", PURPOSE)
        .put("description", "Answer what customers write to the support desk.")
        .put("owner", dana)
        .put("legalBasis", "contract")
        .put("dataCategories", List.of("contact"))
        .put("covers", Json.array(List.of(covers)))
        .build();
  }

  @Override
  public void close() {
    crm.close();
  }
}
