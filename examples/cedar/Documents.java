import io.prokura.cedar.Authorizer;
import io.prokura.cedar.Entities;
import io.prokura.cedar.EntityUid;
import io.prokura.cedar.Policy;
import io.prokura.cedar.PolicySet;
import io.prokura.cedar.Request;
import io.prokura.cedar.Schema;
import io.prokura.cedar.Slot;
import io.prokura.cedar.TemplateLink;
import io.prokura.cedar.TypeUndeclared;
import io.prokura.cedar.Validator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Who may read which document, decided by the Cedar engine as a library.
final class Documents {
  static final String SCHEMA =
      """
      entity Team;
      entity User in [Team];
      entity Document {owner: User, secret: Bool, until?: datetime};
      action read, edit appliesTo {
        principal: User, resource: Document, context: {now: datetime, network: ipaddr}};
      """;

  static final Map<String, String> POLICIES =
      Map.of(
          "owners",
          """
          permit(principal, action, resource) when { resource.owner == principal };
          """,
          "nothing-old",
          """
          forbid(principal, action, resource)
          when { resource has until && context.now >= resource.until };
          """,
          "secrets-stay-inside",
          """
          forbid(principal, action, resource)
          when { resource.secret } unless { context.network.isInRange(ip("10.0.0.0/8")) };
          """);

  static final Map<String, String> TEMPLATES =
      Map.of("share", "permit(principal in ?principal, action == Action::\"read\", resource == ?resource);");

  static final String ENTITIES =
      """
      [{"uid": {"type": "User", "id": "ann"}, "parents": [], "attrs": {}},
       {"uid": {"type": "User", "id": "ben"}, "parents": [{"type": "Team", "id": "legal"}],
        "attrs": {}},
       {"uid": {"type": "Team", "id": "legal"}, "parents": [], "attrs": {}},
       {"uid": {"type": "Document", "id": "plan"}, "parents": [],
        "attrs": {"owner": "ann", "secret": true, "until": "2031-01-01"}}]
      """;

  public static void main(String[] arguments) throws Exception {
    var schema = Schema.parse("documents.cedarschema", SCHEMA);

    // A template and the policy that is made of it by filling its slots.
    var plan = EntityUid.parse("Document::\"plan\"");
    var legal = EntityUid.of("Team", "legal");
    var shared =
        new TemplateLink("plan-for-legal", "share", Map.of(Slot.PRINCIPAL, legal, Slot.RESOURCE, plan));
    var policies = PolicySet.parse(POLICIES, TEMPLATES, List.of(shared));

    // Validate before use: a policy without errors cannot fail for a wrong type or attribute.
    var validator = new Validator(schema);
    var mistaken = Policy.parse("p", "permit(principal, action, resource) when { resource.scret };");
    validator.validate(mistaken).forEach(finding -> System.out.println(finding.in("mistaken.cedar")));
    for (var policy : policies.policies().values()) {
      if (!Validator.accepts(validator.validate(policy))) {
        throw new IllegalStateException(policy.id());
      }
    }

    // Entities and contexts are read as the schema says: no escapes for references and dates.
    var all = new ArrayList<>(schema.readEntities(ENTITIES));
    all.addAll(schema.actionEntities());
    var entities = Entities.of(all);
    for (var user : List.of("ann", "ben")) {
      for (var network : List.of("10.1.2.3", "192.0.2.1")) {
        var read = EntityUid.of("Action", "read");
        var context =
            schema
                .contextOf(read)
                .orElseThrow()
                .read(Map.of("now", "2030-06-01", "network", network), TypeUndeclared.REFUSE);
        var request = new Request(EntityUid.of("User", user), read, plan, context);
        var response = Authorizer.authorize(request, entities, policies);
        // A policy that fails takes no part. To be safe, deny then.
        boolean allowed = response.allowed() && response.errors().isEmpty();
        System.out.printf(
            "%s from %s: %s by %s%n",
            user, network, allowed ? "allowed" : "denied", response.determiningIds());
      }
    }

    // The JSON format of policies, in and out.
    var json = policies.find("owners").orElseThrow().toJson();
    System.out.print(Policy.parseJson("owners", json).print());
  }
}
