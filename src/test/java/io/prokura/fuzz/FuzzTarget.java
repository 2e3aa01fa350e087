package io.prokura.fuzz;

import io.prokura.authzen.AuthzenFuzz;
import io.prokura.cedar.CedarFuzz;
import io.prokura.clients.ClientsFuzz;
import io.prokura.http.HttpFuzz;
import io.prokura.jose.JoseFuzz;
import io.prokura.json.JsonFuzz;

/// Everything that is fuzzed, by name. An input breaks a promise if the target throws.
public enum FuzzTarget {
  CEDAR_POLICY,
  CEDAR_POLICY_JSON,
  CEDAR_EVALUATOR,
  CEDAR_SCHEMA,
  CEDAR_SCHEMA_JSON,
  CEDAR_ENTITIES,
  JSON,
  YAML,
  JWT,
  JWK_SET,
  ASSERTION,
  FORM,
  HEADERS,
  URL,
  EVALUATION;

  void run(byte[] input) {
    switch (this) {
      case CEDAR_POLICY -> CedarFuzz.policy(input);
      case CEDAR_POLICY_JSON -> CedarFuzz.policyJson(input);
      case CEDAR_EVALUATOR -> CedarFuzz.evaluator(input);
      case CEDAR_SCHEMA -> CedarFuzz.schema(input);
      case CEDAR_SCHEMA_JSON -> CedarFuzz.schemaJson(input);
      case CEDAR_ENTITIES -> CedarFuzz.entities(input);
      case JSON -> JsonFuzz.json(input);
      case YAML -> JsonFuzz.yaml(input);
      case JWT -> JoseFuzz.jwt(input);
      case JWK_SET -> JoseFuzz.jwkSet(input);
      case ASSERTION -> ClientsFuzz.assertion(input);
      case FORM -> HttpFuzz.form(input);
      case HEADERS -> HttpFuzz.headers(input);
      case URL -> HttpFuzz.url(input);
      case EVALUATION -> AuthzenFuzz.evaluation(input);
    }
  }
}
