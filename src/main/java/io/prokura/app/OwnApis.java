package io.prokura.app;

import io.prokura.authzen.Enforcers;
import io.prokura.decision.ManagementGate;
import io.prokura.http.ProtectedResource;
import java.util.List;

/// The server's own APIs that take access tokens, as OAuth knows them.
record OwnApis(
    ProtectedResource management, ProtectedResource decisions, ProtectedResource userinfo) {

  static OwnApis of(Config config) {
    return new OwnApis(
        new ProtectedResource(
            config.issuer(),
            Config.MANAGEMENT_API,
            OwnResources.MANAGEMENT_NAME,
            ManagementGate.SCOPE,
            List.of(ManagementGate.SCOPE)),
        new ProtectedResource(
            config.issuer(),
            Config.DECISION_API,
            OwnResources.DECISIONS_NAME,
            Enforcers.SCOPE,
            List.of(Enforcers.SCOPE)),
        new ProtectedResource(
            config.issuer(),
            Config.USERINFO,
            OwnResources.USERINFO_NAME,
            "openid",
            List.of("openid", "profile", "email", "groups")));
  }

  /// The URIs that tokens for them are for.
  List<String> identifiers() {
    return List.of(management.identifier(), decisions.identifier(), userinfo.identifier());
  }
}
