package io.prokura.pages;

import static io.prokura.pages.Layout.button;
import static io.prokura.pages.Layout.faults;
import static io.prokura.pages.Layout.field;
import static io.prokura.pages.Layout.hidden;
import static io.prokura.pages.Texts.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.authenticators.Authenticators;
import io.prokura.authenticators.Enrolment;
import io.prokura.authenticators.Invitation;
import io.prokura.authenticators.PasswordRules;
import io.prokura.directory.Directory;
import io.prokura.directory.ManagementRole;
import io.prokura.directory.User;
import io.prokura.directory.Users;
import io.prokura.http.Form;
import io.prokura.http.Request;
import io.prokura.http.Response;
import io.prokura.kernel.Id;
import io.prokura.kernel.Refusal;
import io.prokura.kernel.Result;
import io.prokura.kernel.Result.Ok;
import io.prokura.kernel.Result.Refused;
import io.prokura.kernel.World;
import io.prokura.pages.Layout.Fault;
import io.prokura.pages.Layout.Field;
import io.prokura.passkeys.Passkeys;
import io.prokura.sessions.Sessions;
import io.prokura.sql.Database;
import io.prokura.sql.Tx;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `/setup`: where the one-time links lead. Somebody chooses a password, puts a secret into their
/// app, gets their recovery codes and is signed in. The first administrator also chooses a name.
public final class SetupPages {
  private final World world;
  private final Database database;
  private final Directory directory;
  private final Users users;
  private final FirstAdministrator first;
  private final Authenticators authenticators;
  private final Passkeys passkeys;
  private final Sessions sessions;
  private final Forms forms;

  /// Gives a new administrator what they need to administer.
  @FunctionalInterface
  public interface FirstAdministrator {
    Result<?> permit(Tx tx, Id.User user);
  }

  public SetupPages(
      World world,
      Database database,
      Directory directory,
      Users users,
      FirstAdministrator first,
      Authenticators authenticators,
      Passkeys passkeys,
      Sessions sessions,
      Forms forms) {
    this.world = world;
    this.database = database;
    this.directory = directory;
    this.users = users;
    this.first = first;
    this.authenticators = authenticators;
    this.passkeys = passkeys;
    this.sessions = sessions;
    this.forms = forms;
  }

  /// What somebody has typed into the form.
  private record Filled(String code, Enrolment enrolment, String userName, String displayName) {}

  /// The form, for who comes by a link that is good.
  public Response setup(Request request) {
    var code = request.query() instanceof Ok(var query) ? query.get("code").orElse("") : "";
    var invitation = invitation(code);
    return invitation.isEmpty()
        ? gone()
        : forms.show(
            request,
            token ->
                form(
                    200,
                    token,
                    invitation.get(),
                    new Filled(code, authenticators.enrolment(code), "", ""),
                    List.of()));
  }

  /// Takes the form.
  public Response done(Request request) {
    return forms.sent(
        request,
        (form, token) -> {
          var code = form.get("code").orElse("");
          var invitation = invitation(code);
          var enrolment =
              form.get("enrolment").flatMap(carried -> authenticators.enrolment(code, carried));
          if (invitation.isEmpty() || enrolment.isEmpty()) {
            return gone();
          }
          var filled =
              new Filled(
                  code,
                  enrolment.get(),
                  form.get("username").orElse(""),
                  form.get("name").orElse(""));
          var faults = check(form, invitation.get(), filled);
          return faults.isEmpty()
              ? setUp(request, form, token, invitation.get(), filled)
              : form(400, token, invitation.get(), filled, faults);
        });
  }

  private Optional<Invitation> invitation(String code) {
    return database
        .<Optional<Invitation>>read(tx -> authenticators.invitation(tx, code))
        .filter(one -> one.user().isEmpty() || isActive(one.user().get()));
  }

  private boolean isActive(Id.User user) {
    return directory.user(user).filter(User::active).isPresent();
  }

  private List<Fault> check(Form form, Invitation invitation, Filled filled) {
    var faults = new ArrayList<Fault>();
    if (invitation.user().isEmpty() && !User.isUserName(filled.userName())) {
      faults.add(new Fault("username", text("setup.name.bad")));
    }
    if (invitation.user().isEmpty() && !User.isUserName(filled.displayName())) {
      faults.add(new Fault("name", text("setup.name.bad")));
    }
    var password = form.get("password").orElse("");
    PasswordRules.flaw(password, nameOf(invitation, filled))
        .ifPresent(flaw -> faults.add(new Fault("password", text("setup.flaw." + flaw))));
    if (!password.equals(form.get("again").orElse(""))) {
      faults.add(new Fault("again", text("setup.again.bad")));
    }
    if (!authenticators.isProven(
        filled.code(), filled.enrolment().sealed(), form.get("shown").orElse(""))) {
      faults.add(new Fault("shown", text("setup.code.bad")));
    }
    return faults;
  }

  private String nameOf(Invitation invitation, Filled filled) {
    return invitation
        .user()
        .flatMap(directory::user)
        .map(User::userName)
        .orElseGet(filled::userName);
  }

  /// A person's recovery codes and the session they are in now.
  private record Ready(List<String> codes, Sessions.Started started) {}

  private Response setUp(
      Request request, Form form, Html token, Invitation invitation, Filled filled) {
    long checked = sessions.checked();
    var prepared =
        authenticators.prepare(
            filled.code(),
            form.get("password").orElse(""),
            filled.enrolment().sealed(),
            form.get("shown").orElse(""));
    if (prepared.isEmpty()) {
      var busy = List.of(new Fault("password", text("login.busy")));
      return form(503, token, invitation, filled, busy).with("Retry-After", "1");
    }
    Result<Ready> ready =
        database.inTransaction(
            tx -> ready(tx, invitation, filled, prepared.get(), checked, request.peer()));
    return switch (ready) {
      case Ok<Ready>(var done) ->
          sessions.give(forms.forget(recoveryCodes(done.codes())), done.started());
      case Refused<Ready>(var reason, _) when reason == Refusal.DUPLICATE ->
          form(
              400,
              token,
              invitation,
              filled,
              List.of(new Fault("username", text("setup.name.taken"))));
      case Refused<Ready> _ -> gone();
    };
  }

  private Result<Ready> ready(
      Tx tx,
      Invitation invitation,
      Filled filled,
      Authenticators.Prepared prepared,
      long checked,
      String source) {
    // Another may have become the first administrator since the form was looked at.
    if (authenticators.invitation(tx, filled.code()).isEmpty()) {
      return Result.refused(Refusal.NOT_FOUND, "the link is used");
    }
    var user =
        invitation.user().isPresent()
            ? Result.ok(invitation.user().get())
            : administrator(tx, filled);
    if (!(user instanceof Ok(var id))) {
      return user.refusal();
    }
    sessions.endAll(tx, id, id, "how they sign in was set up anew");
    passkeys.removeAll(tx, id);
    var codes = authenticators.setUp(tx, id, prepared);
    return codes.isEmpty()
        ? Result.refused(Refusal.NOT_FOUND, "the link is used")
        : Result.ok(
            new Ready(
                codes.get(),
                sessions.start(tx, id, checked, List.of("pwd", "otp", "mfa"), source)));
  }

  private Result<Id.User> administrator(Tx tx, Filled filled) {
    var id = Id.User.random(world);
    var user =
        User.fresh(
            id, filled.userName(), filled.displayName(), "", Set.of(ManagementRole.ADMINISTRATOR));
    var registered = users.register(tx, id, user);
    if (!(registered instanceof Ok)) {
      return registered.refusal();
    }
    var permitted = first.permit(tx, id);
    return permitted instanceof Ok ? Result.ok(id) : permitted.refusal();
  }

  private static Response gone() {
    return Layout.refusal(404, text("setup.gone.title"), text("setup.gone"));
  }

  private Response form(
      int status, Html token, Invitation invitation, Filled filled, List<Fault> faults) {
    boolean isFirst = invitation.user().isEmpty();
    var name = nameOf(invitation, filled);
    var names =
        isFirst
            ? Html.all(
                List.of(
                    field(
                        new Field("username", text("setup.name"), "", "text", name, "username"),
                        faults),
                    field(
                        new Field(
                            "name",
                            text("setup.display"),
                            "",
                            "text",
                            filled.displayName(),
                            "name"),
                        faults)))
            : Html.NONE;
    return Layout.page(
        status,
        text("setup.title"),
        Html.of(
            "{}<p>{}</p><form method=\"post\" action=\"/setup\">\n{}{}{}{}{}{}{}{}{}</form>",
            faults(faults),
            isFirst ? text("setup.first") : text("setup.for", name),
            token,
            hidden("code", filled.code()),
            hidden("enrolment", filled.enrolment().sealed()),
            names,
            field(
                new Field(
                    "password",
                    text("setup.password"),
                    text("setup.password.hint"),
                    "password",
                    "",
                    "new-password"),
                faults),
            field(
                new Field("again", text("setup.again"), "", "password", "", "new-password"),
                faults),
            app(filled.enrolment(), name),
            field(new Field("shown", text("setup.code"), "", "text", "", "one-time-code"), faults),
            button(text("setup.submit"))));
  }

  static Html app(Enrolment enrolment, String name) {
    var product = text("product");
    var label = name.isEmpty() ? product : product + ":" + name;
    var link =
        "otpauth://totp/"
            + URLEncoder.encode(label, UTF_8).replace("+", "%20")
            + "?secret="
            + enrolment.shown()
            + "&issuer="
            + URLEncoder.encode(product, UTF_8);
    return Html.of(
        "<h2>{}</h2><p>{}</p><p><a href=\"{}\">{}</a></p><p>{}: <span class=\"key\">{}</span></p>",
        text("setup.app"),
        text("setup.app.hint"),
        link,
        text("setup.app.link"),
        text("setup.key"),
        enrolment.shown().replaceAll("(?<=\\G.{4})(?=.)", " "));
  }

  static Response recoveryCodes(List<String> codes) {
    return Layout.page(
        200,
        text("recovery.title"),
        Html.of(
            "<p>{}</p><ul class=\"codes\">{}</ul><a class=\"button\" href=\"/me\">{}</a>",
            text("recovery.explained"),
            Html.all(codes.stream().map(code -> Html.of("<li>{}</li>", code)).toList()),
            text("recovery.done")));
  }
}
