package io.prokura.app;

import io.prokura.json.Json;

/// Programs that register themselves, in the answers that the API's description has.
final class ProgramStory {
  private static final String ALL =
      """
      {'client_name':'Desk','redirect_uris':['https://desk.example/cb'],'scope':'tickets.read',
       'application_type':'web','default_max_age':3600,'contacts':['desk@example.org'],
       'client_uri':'https://desk.example','logo_uri':'https://desk.example/logo',
       'policy_uri':'https://desk.example/policy','tos_uri':'https://desk.example/terms',
       'post_logout_redirect_uris':['https://desk.example/bye'],
       'backchannel_logout_uri':'https://desk.example/out','subject_type':'pairwise',
       'userinfo_signed_response_alg':'RS256',
       'grant_types':['authorization_code','urn:openid:params:grant-type:ciba'],
       'software_id':'desk','software_version':'1','jwks':{'keys':[]}}
      """;

  private static final String KEYS = "'jwks':{'keys':[]}";
  private static final String KEYS_ELSEWHERE = "'jwks_uri':'https://desk.example/jwks'";

  private final ApiCaller api;

  ProgramStory(ApiCaller api) {
    this.api = api;
  }

  /// One that anybody may register, and one with a token, to its end.
  void programsRegisterThemselves() {
    api.call("oauth.register").answers(201);
    api.call("oauth.register").body(api.json("{'redirect_uris':[]}")).answers(400);
    api.call("oauth.register").bearer("prkr_nobodys").answers(401);
    var made = api.call("registration-token.create").example("").done();
    var program =
        api.call("oauth.register").bearer(made.text("token")).body(api.json(ALL)).answers(201);
    var id = program.text("client_id");
    var token = program.text("registration_access_token");
    api.call("oauth.registration.get").of(id).bearer(token).answers(200);
    api.call("client.get").of(id).done();
    api.call("oauth.registration.put").of(id).bearer(token).answers(400);
    var next =
        api.call("oauth.registration.put")
            .of(id)
            .bearer(token)
            .body(with(api.json(ALL.replace(KEYS, KEYS_ELSEWHERE)), id))
            .answers(200)
            .text("registration_access_token");
    api.call("oauth.registration.put").of(id).bearer(token).answers(401);
    api.call("oauth.registration.get").of(id).bearer(token).answers(401);
    api.call("oauth.registration.delete").of(id).bearer(token).answers(401);
    api.call("oauth.registration.delete").of(id).bearer(next).answers(204);
    var revoked = api.call("registration-token.revoke").of(made.text("id"));
    revoked.done();
    api.call("registration-token.revoke").of(made.text("id")).answers(409);
  }

  private static Json with(Json.Obj metadata, String id) {
    return Json.object().putAll(metadata.members()).put("client_id", id).build();
  }
}
