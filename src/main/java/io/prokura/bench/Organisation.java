package io.prokura.bench;

import io.prokura.jose.Algorithm;
import io.prokura.jose.Crypto;
import io.prokura.jose.SigningKey;
import io.prokura.json.Json;
import io.prokura.kernel.World;
import java.util.ArrayList;
import java.util.List;

/// What is registered at the server under test: people, one protected API with the workload that
/// enforces it, one purpose, and agents, each with a delegation from a person.
///
/// @param workload the id of the workload that enforces the API
/// @param enforcer the `Authorization` with which it proves itself
record Organisation(List<Agent> agents, String workload, String enforcer) {
  static final String RESOURCE = "https://crm.example/";
  static final String PURPOSE = "support.triage";
  private static final int AGENTS = 32;
  private static final int PEOPLE = 8;
  private static final int DEPTH_MAX = 3;
  static final List<String> ACTIONS = List.of("tickets.read", "tickets.update");

  /// Where nothing is registered.
  static final Organisation NOTHING = new Organisation(List.of(), "", "");

  Organisation {
    agents = List.copyOf(agents);
  }

  /// Registers everything through the management API.
  static Organisation register(ApiClient api, World world) {
    return new Registration(api, world).register();
  }

  /// The registration under way.
  private record Registration(ApiClient api, World world) {

    Organisation register() {
      var owner = user("owner");
      var backup = user("backup");
      var workload =
          make("workloads", Json.object().put("name", "crm gateway").put("owner", owner).build());
      var secret = secret("workloads/" + workload);
      var resource = resource(workload);
      var purpose = purpose(owner, resource);
      var people = new ArrayList<String>();
      for (int i = 0; i < PEOPLE; i++) {
        var person = user("person" + i);
        permit(person, resource, "own");
        people.add(person);
      }
      var agents = new ArrayList<Agent>();
      for (int i = 0; i < AGENTS; i++) {
        var id = agent(i, owner, backup, purpose);
        permit(id, resource, "own");
        permit(id, resource, "onBehalf");
        agents.add(equip(id, people.get(i % PEOPLE), resource, purpose));
      }
      return new Organisation(agents, workload, Agent.basic(workload, secret));
    }

    private String user(String name) {
      return make("users", Json.object().put("userName", name).build());
    }

    private String resource(String enforcer) {
      var actions =
          ACTIONS.stream()
              .map(name -> Json.object().put("name", name).put("sensitivity", "low").build())
              .toList();
      return make(
          "resources",
          Json.object()
              .put("identifier", RESOURCE)
              .put("name", "CRM")
              .put("types", List.of("Ticket"))
              .put("actions", Json.array(actions))
              .put("agentFacing", true)
              .put("enforcers", List.of(enforcer))
              .put("asserts", List.of("resource.status"))
              .build());
    }

    private String purpose(String owner, String resource) {
      return make(
          "purposes",
          Json.object()
              .put("name", PURPOSE)
              .put("owner", owner)
              .put("covers", covers(resource))
              .build());
    }

    private static Json covers(String resource) {
      return Json.array(
          List.of(Json.object().put("resource", resource).put("actions", ACTIONS).build()));
    }

    private void permit(String principal, String resource, String mode) {
      make(
          "permissions",
          Json.object()
              .put("principal", principal)
              .put("resource", resource)
              .put("actions", ACTIONS)
              .put("mode", mode)
              .build());
    }

    private String agent(int number, String owner, String backup, String purpose) {
      var id =
          make(
              "agents",
              Json.object()
                  .put("name", "triage " + number)
                  .put("description", "sorts tickets")
                  .put("owner", owner)
                  .put("backupOwner", backup)
                  .put("purposes", List.of(purpose))
                  .put("capabilities", List.of("triage"))
                  .put("environment", "production")
                  .put("risk", "low")
                  .put("bearerTokens", true)
                  .build());
      api.manage("agents/" + id + "/activate", Json.object().put("reason", "benchmark").build());
      return id;
    }

    private Agent equip(String id, String person, String resource, String purpose) {
      var key = SigningKey.generate(Crypto.fastest(), world, Algorithm.ES256);
      var credential =
          Json.object().put("kind", "key").put("jwk", key.verificationKey().toJwk()).build();
      api.manage("agents/" + id + "/credentials", credential);
      var delegation =
          make(
              "delegations",
              Json.object()
                  .put("delegator", person)
                  .put("delegate", id)
                  .put("purpose", purpose)
                  .put("covers", covers(resource))
                  .put("depthMax", DEPTH_MAX)
                  .build());
      return new Agent(id, secret("agents/" + id), key, person, delegation);
    }

    private String secret(String holder) {
      var body = Json.object().put("kind", "secret").build();
      return ApiClient.text(api.manage(holder + "/credentials", body), "secret");
    }

    private String make(String path, Json.Obj body) {
      return ApiClient.text(api.manage(path, body), "id");
    }
  }
}
