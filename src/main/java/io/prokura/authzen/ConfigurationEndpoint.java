package io.prokura.authzen;

import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.json.Json;
import io.prokura.policy.Obligation;
import java.util.List;

/// The metadata of the policy decision point (AuthZEN Authorization API 1.0 §9), made from the
/// configured issuer alone: nothing of a request's headers gets into it.
public final class ConfigurationEndpoint {
  private final Json.Obj metadata;

  public ConfigurationEndpoint(String issuer) {
    metadata =
        Json.object()
            .put("policy_decision_point", issuer)
            .put("access_evaluation_endpoint", issuer + "/access/v1/evaluation")
            .put("access_evaluations_endpoint", issuer + "/access/v1/evaluations")
            .put("search_subject_endpoint", issuer + "/access/v1/search/subject")
            .put("search_resource_endpoint", issuer + "/access/v1/search/resource")
            .put("search_action_endpoint", issuer + "/access/v1/search/action")
            .put("access_request_endpoint", issuer + "/access/v1/requests")
            .put("supported_obligations", Obligation.TYPES)
            .put("capabilities", List.of("urn:openid:authzen:capability:access-request"))
            .build();
  }

  /// Answers the metadata.
  public Response metadata(Request request) {
    return Response.json(200, metadata).cacheable("public, max-age=300");
  }
}
