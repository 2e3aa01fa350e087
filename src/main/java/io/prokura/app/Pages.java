package io.prokura.app;

import io.prokura.kernel.World;
import io.prokura.pages.LoginPages;
import io.prokura.pages.MePages;
import io.prokura.pages.PasskeyPages;
import io.prokura.pages.SetupPages;
import io.prokura.passkeys.Passkeys;
import io.prokura.signin.SignIn;
import io.prokura.sql.Database;

/// The pages for people, by name.
record Pages(LoginPages login, SetupPages setup, MePages me, PasskeyPages passkeys) {

  static Pages wire(
      World world,
      Database database,
      Config config,
      Ledger ledger,
      Registers registers,
      Operator operator) {
    var issuer = config.issuer();
    var directory = registers.directory();
    var sessions = registers.sessions();
    var passkeys =
        new Passkeys(world, issuer, ledger.audit(), ledger.master().seal(world, "passkeys"));
    var passkeyPages = new PasskeyPages(world, database, issuer, passkeys, sessions);
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
        new LoginPages(world, database, issuer, directory, signIn, sessions, passkeyPages),
        new SetupPages(
            world,
            database,
            issuer,
            directory,
            registers.users(),
            operator::admit,
            registers.authenticators(),
            passkeys,
            sessions),
        new MePages(world, database, issuer, directory, sessions, passkeyPages),
        passkeyPages);
  }
}
