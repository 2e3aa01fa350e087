package io.prokura.selftest;

import static io.prokura.selftest.Expected.refusal;

import java.util.List;

/// ID-JAGs, by which this server vouches for a person elsewhere, for whoever has no right to one,
/// and where they mean nothing (draft-ietf-oauth-identity-assertion-authz-grant §4.3).
final class IdJags {
  private static final String SOURCE = "ID-JAG §4.3";
  private static final String TYPES = "urn:ietf:params:oauth:token-type:";

  private IdJags() {}

  static List<Attack> all() {
    return List.of(
        Attack.each(
            "an ID-JAG by what is somebody else's",
            SOURCE,
            refusal(400, "invalid_request"),
            IdJags::foreign),
        Attack.each(
            "an ID-JAG for a server that nobody is told to",
            SOURCE,
            refusal(400, "invalid_target", "invalid_request"),
            IdJags::elsewhere),
        Attack.of(
            "an ID-JAG for a client that is unknown there",
            SOURCE,
            refusal(400, "unauthorized_client"),
            s -> s.neighbour().post(Scene.TOKEN, asking(s, "refresh_token", refresh(s)))),
        Attack.each(
            "an ID-JAG where only this server's tokens count",
            "RFC 8725 §3.11",
            Expected.inactive().or(refusal(400, "invalid_grant", "invalid_request")),
            IdJags::here));
  }

  private static String refresh(Scene scene) {
    var reply = Scene.good(Waiting.backchannel(scene).allowed().poll());
    return Scene.text(reply.object(), "refresh_token");
  }

  private static String[] asking(Scene scene, String type, String subject, String... more) {
    return Scene.joined(
        List.of(
            "grant_type",
            Scene.EXCHANGE,
            "requested_token_type",
            TYPES + "id-jag",
            "subject_token",
            subject,
            "subject_token_type",
            TYPES + type,
            "audience",
            scene.voucher().issuer()),
        more);
  }

  /// The one that the application gets for the person it was granted something by.
  private static String idJag(Scene scene) {
    var pairs = asking(scene, "refresh_token", refresh(scene));
    return Scene.token(scene.application().post(Scene.TOKEN, pairs));
  }

  private static List<Reply> foreign(Scene scene) {
    idJag(scene);
    var held = scene.alive(scene.delegated(scene.delegate()));
    Scene.token(scene.actor().ask(asking(scene, "access_token", held)));
    var refresh = refresh(scene);
    return List.of(
        scene.rival().post(Scene.TOKEN, asking(scene, "refresh_token", refresh)),
        scene.rival().post(Scene.TOKEN, asking(scene, "id_token", held)),
        scene.helper().ask(asking(scene, "access_token", held)),
        scene.actor().ask(asking(scene, "access_token", scene.own())));
  }

  private static List<Reply> elsewhere(Scene scene) {
    idJag(scene);
    var stranger = "https://" + Scene.STRANGER;
    var client = scene.application();
    var refresh = refresh(scene);
    return List.of(
        client.post(Scene.TOKEN, asking(scene, "refresh_token", refresh, "audience", stranger)),
        client.post(
            Scene.TOKEN, asking(scene, "refresh_token", refresh, "resource", scene.elsewhere())));
  }

  private static List<Reply> here(Scene scene) {
    var idJag = idJag(scene);
    return List.of(
        scene.enforcer().introspect(idJag),
        scene
            .application()
            .post(
                Scene.TOKEN,
                "grant_type",
                "urn:ietf:params:oauth:grant-type:jwt-bearer",
                "assertion",
                idJag,
                "resource",
                scene.resource()),
        scene.helper().ask(scene.taking(idJag)));
  }
}
