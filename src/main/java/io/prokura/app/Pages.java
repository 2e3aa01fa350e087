package io.prokura.app;

import io.prokura.issuers.IdTokens;
import io.prokura.jose.JwtReader;
import io.prokura.kernel.Limits;
import io.prokura.kernel.World;
import io.prokura.logout.LogoutRequests;
import io.prokura.pages.AuthenticatorPages;
import io.prokura.pages.AuthorizePages;
import io.prokura.pages.DevicePages;
import io.prokura.pages.Forms;
import io.prokura.pages.LinkedAccountPages;
import io.prokura.pages.LoginPages;
import io.prokura.pages.LogoutPages;
import io.prokura.pages.MePages;
import io.prokura.pages.PasskeyPages;
import io.prokura.pages.RequestPages;
import io.prokura.pages.SetupPages;
import io.prokura.pages.UpstreamPages;
import io.prokura.pages.WaysIn;
import io.prokura.signin.Presence;
import io.prokura.signin.SignIn;
import io.prokura.sql.Database;
import io.prokura.upstream.CodeFlow;
import io.prokura.upstream.Linking;
import io.prokura.upstream.Upstream;

/// The pages for people, by name.
record Pages(
    LoginPages login,
    UpstreamPages upstream,
    SetupPages setup,
    MePages me,
    AuthorizePages authorize,
    RequestPages requests,
    DevicePages device,
    PasskeyPages passkeys,
    LogoutPages logout,
    AuthenticatorPages authenticators,
    LinkedAccountPages linked) {

  static Pages wire(
      World world,
      Database database,
      Config config,
      Ledger ledger,
      Registers registers,
      Trust trust,
      Issuing issuing,
      Limits limits,
      Operator operator) {
    var issuer = config.issuer();
    var directory = registers.directory();
    var sessions = registers.sessions();
    var passkeys = registers.passkeys();
    var presence = new Presence(world, registers.authenticators(), ledger.refusals());
    var forms = new Forms(world, issuer, sessions, ledger.refusals());
    var flow = codeFlow(world, config, ledger, registers, trust, limits);
    var linking =
        new Linking(
            world,
            database,
            flow,
            trust.issuers(),
            trust.links(),
            registers.oneTime(),
            ledger.master().seal(world, "upstream"),
            ledger.refusals());
    var ways = new WaysIn(registers.authenticators(), passkeys, linking);
    var linkedPages =
        new LinkedAccountPages(database, trust.issuers(), linking, ways, presence, sessions, forms);
    var passkeyPages =
        new PasskeyPages(database, issuer, passkeys, presence, ways, sessions, forms);
    var authenticatorPages =
        new AuthenticatorPages(
            database, directory, registers.authenticators(), presence, sessions, forms);
    var signIn =
        new SignIn(
            world,
            database,
            directory,
            registers.authenticators(),
            passkeys,
            sessions,
            ledger.master().seal(world, "sign-in"),
            ledger.refusals());
    return new Pages(
        new LoginPages(
            database,
            issuer,
            directory,
            signIn,
            sessions,
            passkeyPages,
            () -> !trust.issuers().forSignIn().isEmpty(),
            forms),
        new UpstreamPages(
            issuer,
            trust.issuers(),
            new Upstream(world, database, flow, trust.links(), registers.users(), sessions),
            linkedPages,
            sessions,
            ledger.refusals(),
            forms),
        new SetupPages(
            world,
            database,
            directory,
            registers.users(),
            operator::admit,
            registers.authenticators(),
            passkeys,
            sessions,
            forms),
        new MePages(
            database,
            directory,
            registers.agents(),
            issuing.authorizing().polled(),
            issuing.authorizing().asking(),
            registers.catalogue(),
            issuing.authorizing().consents(),
            sessions,
            trust.issuers(),
            passkeyPages,
            authenticatorPages,
            linkedPages,
            forms),
        new AuthorizePages(
            issuing.authorizing().flow(),
            registers.directory(),
            registers.groups(),
            database,
            sessions,
            ledger.refusals(),
            forms),
        new RequestPages(
            issuing.authorizing().polled(),
            registers.directory(),
            registers.groups(),
            database,
            sessions,
            ledger.refusals(),
            forms),
        new DevicePages(world, issuing.authorizing().polled(), sessions, ledger.refusals(), forms),
        passkeyPages,
        new LogoutPages(
            database,
            new LogoutRequests(issuing.authorizing().idTokens(), registers.clients()),
            directory,
            sessions,
            ledger.refusals(),
            forms),
        authenticatorPages,
        linkedPages);
  }

  private static CodeFlow codeFlow(
      World world, Config config, Ledger ledger, Registers registers, Trust trust, Limits limits) {
    var tokens = new IdTokens(world, limits, new JwtReader(ledger.json()), trust.keys());
    return new CodeFlow(
        config.issuer(),
        world,
        trust.issuers(),
        trust.keys(),
        tokens,
        trust.outbound(),
        registers.oneTime(),
        ledger.master().seal(world, "upstream"),
        ledger.json());
  }
}
