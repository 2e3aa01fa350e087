package io.prokura.pages;

import static io.prokura.kernel.Refusal.AUTHENTICATION_UNMET;
import static io.prokura.pages.Layout.hidden;
import static io.prokura.pages.Texts.text;

import io.prokura.authorize.AnswerProofs.Need;
import io.prokura.authorize.AskingClient;
import io.prokura.authorize.ConsentQuestion;
import io.prokura.catalogue.Action;
import io.prokura.catalogue.Reversibility;
import io.prokura.catalogue.Sensitivity;
import io.prokura.clients.RedirectUri;
import io.prokura.directory.Directory;
import io.prokura.directory.Group;
import io.prokura.directory.Groups;
import io.prokura.directory.User;
import io.prokura.http.Response;
import io.prokura.kernel.DocumentUrl;
import io.prokura.kernel.Id;
import io.prokura.sql.Database;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/// The page that asks a person whether an application, or an agent through it, may do something for
/// them: who asks, for what and why, each permission in words, how long and how far.
final class ConsentPage {
  private final Database database;
  private final Directory directory;
  private final Groups groups;

  ConsentPage(Database database, Directory directory, Groups groups) {
    this.database = database;
    this.directory = directory;
    this.groups = groups;
  }

  /// What differs with the way in which the question came.
  ///
  /// @param action where the form goes
  /// @param hidden the fields of the form that nobody sees
  /// @param facts who asks, besides the agent: the items of a list
  /// @param hint what happens next
  /// @param need what allowing it takes
  /// @param problem why it was not allowed just now, if it was tried
  record Place(
      String action, Html hidden, Html facts, String hint, Need need, Optional<String> problem) {}

  /// The page for a request that a browser brought, which waits behind `handle`.
  Response ofCodeFlow(ConsentQuestion question, String handle, Html token) {
    var redirect = question.asked().redirect().orElseThrow();
    var client = question.asked().client().name();
    var facts =
        Html.of(
            "<dt>{}</dt><dd>{}<br><span class=\"hint\">{}</span>{}{}</dd>",
            text("consent.client"),
            client,
            redirect.shown(),
            unverified(question),
            links(question));
    return of(
        question,
        token,
        new Place(
            "/consent",
            hidden("request", handle),
            facts,
            back(redirect, client),
            new Need.Nothing(),
            Optional.empty()));
  }

  /// The page for a request that came in whatever way.
  Response of(ConsentQuestion question, Html token, Place place) {
    var who = directory.user(question.user()).map(User::displayName).orElse("");
    int status = place.problem().isPresent() ? AUTHENTICATION_UNMET.status() : 200;
    var content =
        Html.of(
            """
            {}<p>{}</p>
            <form method="post" action="{}"{}>
            {}{}{}{}{}{}
            <p class="hint">{}</p>
            {}
            </form>
            """,
            place.problem().map(ConsentPage::problem).orElse(Html.NONE),
            text("consent.who", who),
            place.action(),
            signing(place),
            token,
            place.hidden(),
            facts(question, place.facts()),
            permissions(question),
            lasts(),
            question.actor().isPresent() ? depth() : Html.NONE,
            place.hint(),
            choice(place));
    return place.need() instanceof Need.Passkey
        ? Layout.scripted(status, title(question), content, "wide")
        : Layout.wide(status, title(question), content);
  }

  private static Html problem(String why) {
    return Html.of(
        "<div class=\"problem\" role=\"alert\"><h2>{}</h2><p>{}</p></div>",
        text("requests.unproven"),
        why);
  }

  /// What the script has signed: the offer, and the fields by which the person chooses.
  private static Html signing(Place place) {
    return place.need() instanceof Need.Passkey(var offer)
        ? Html.of(
            " data-passkey=\"sign\" data-again=\"{}\" data-chosen=\"{}\" data-options=\"{}\"",
            place.action(),
            String.join(" ", ConsentChoice.FIELDS),
            offer.options().toText())
        : Html.NONE;
  }

  /// The buttons. Not allowing takes nothing, ever; where a passkey is needed, the other button
  /// works only for the script.
  private static Html choice(Place place) {
    var allow =
        switch (place.need()) {
          case Need.Nothing _ ->
              Html.of(
                  "<button type=\"submit\" name=\"decision\" value=\"allow\">{}</button>",
                  text("consent.allow"));
          case Need.Passkey _ ->
              Html.of(
                  "<button type=\"submit\" name=\"decision\" value=\"allow\" data-with-passkey"
                      + " disabled hidden>{}</button>",
                  text("requests.sign"));
          case Need.SignIn _ ->
              Html.of(
                  "<a class=\"button\" href=\"{}\">{}</a>",
                  new ReturnTo(place.action()).loginPath(),
                  text("requests.stepup"));
        };
    return Html.of(
        """
        {}<div class="choice">
        {}
        <button class="second" type="submit" name="decision" value="deny" data-plain>{}</button>
        </div>
        """,
        before(place.need()),
        allow,
        text("consent.deny"));
  }

  private static Html before(Need need) {
    return switch (need) {
      case Need.Nothing _ -> Html.NONE;
      case Need.Passkey(var offer) ->
          Html.of(
              """
              {}{}{}{}{}{}
              <p data-without-passkey><strong>{}</strong></p>
              <p data-with-passkey hidden>{}</p>
              <p class="problem" role="alert" hidden>{}</p>
              """,
              hidden("offer", offer.sealed()),
              hidden("credential", ""),
              hidden("client_data", ""),
              hidden("authenticator_data", ""),
              hidden("signature", ""),
              hidden("user_handle", ""),
              text("requests.sign.missing"),
              text("requests.sign.hint"),
              text("passkey.declined"));
      case Need.SignIn _ -> Html.of("<p><strong>{}</strong></p>", text("requests.stepup.hint"));
    };
  }

  private static String title(ConsentQuestion question) {
    var client = question.asked().client().name();
    return question
        .actor()
        .map(actor -> text("consent.title.agent", actor.agent().name()))
        .orElseGet(() -> text("consent.title", client));
  }

  /// Where the person goes next; a warning where any program on this machine could be waiting.
  private static String back(RedirectUri redirect, String client) {
    return redirect.isLoopback()
        ? text("consent.back.loopback", client)
        : text("consent.back", client + " (" + redirect.shown() + ")");
  }

  /// The agent that is to act, and who asks.
  private Html facts(ConsentQuestion question, Html more) {
    return Html.of(
        """
        <dl class="facts">
        {}{}
        </dl>
        """,
        question.actor().map(this::agent).orElse(Html.NONE),
        more);
  }

  /// That nobody here knows whether the application is what it says, and whose word that is.
  private static Html unverified(ConsentQuestion question) {
    if (!(question.asked().client() instanceof AskingClient.Application(var client))
        || client.registration().isVouchedFor()) {
      return Html.NONE;
    }
    var host = client.registration().document().flatMap(DocumentUrl::parse).map(DocumentUrl::host);
    return Html.of(
        "<br><strong class=\"mark\">{}</strong>",
        host.map(name -> text("consent.unverified.document", name))
            .orElseGet(() -> text("consent.unverified")));
  }

  /// Where the application says more of itself; its logo is not fetched by anybody's browser.
  private static Html links(ConsentQuestion question) {
    if (!(question.asked().client() instanceof AskingClient.Application(var client))) {
      return Html.NONE;
    }
    var links = client.registration().links();
    return Html.all(
        List.of(
            link("consent.site", links.site()),
            link("consent.policy", links.policy()),
            link("consent.terms", links.terms())));
  }

  /// A link by the name of its host, which learns neither where the person came from nor gets at
  /// this page.
  private static Html link(String what, Optional<String> url) {
    return url.map(
            to ->
                Html.of(
                    "<br><a href=\"{}\" target=\"_blank\" rel=\"noreferrer noopener\">{}</a>",
                    to,
                    text(what, URI.create(to).getHost())))
        .orElse(Html.NONE);
  }

  private Html agent(ConsentQuestion.Actor actor) {
    var agent = actor.agent();
    var purpose = actor.purpose();
    return Html.of(
        """
        <dt>{}</dt><dd>{}{}</dd>
        <dt>{}</dt><dd>{}</dd>
        <dt>{}</dt><dd>{}{}</dd>
        """,
        text("consent.agent"),
        agent.name(),
        hint(agent.description()),
        text("consent.owner"),
        owner(agent.owner()),
        text("consent.purpose"),
        purpose.name(),
        hint(purpose.description()));
  }

  private static Html hint(String text) {
    return text.isEmpty() ? Html.NONE : Html.of("<br><span class=\"hint\">{}</span>", text);
  }

  private String owner(Id owner) {
    return switch (owner) {
      case Id.User user -> directory.user(user).map(User::displayName).orElse("");
      case Id.Group group ->
          database.<Optional<Group>>read(tx -> groups.find(tx, group)).map(Group::name).orElse("");
      default -> "";
    };
  }

  private static Html permissions(ConsentQuestion question) {
    var identity =
        question.identity().values().stream()
            .filter(scope -> !question.offered().contains(scope))
            .map(scope -> Html.of("<li>{}</li>", text("scope." + scope)))
            .toList();
    var actions =
        question.offered().values().stream()
            .map(scope -> action(question.resource().action(scope).orElseThrow()))
            .toList();
    return Html.of(
        "<fieldset><legend>{}</legend>{}</fieldset>{}",
        text("consent.permissions", question.resource().name()),
        Html.all(actions),
        identity.isEmpty()
            ? Html.NONE
            : Html.of("<p>{}</p><ul>{}</ul>", text("consent.besides"), Html.all(identity)));
  }

  private static Html action(Action action) {
    var marks =
        List.of(
            action.sensitivity() == Sensitivity.HIGH
                ? Html.of(" <strong class=\"mark\">{}</strong>", text("consent.sensitive"))
                : Html.NONE,
            action.reversibility() == Reversibility.IRREVERSIBLE
                ? Html.of(" <strong class=\"mark\">{}</strong>", text("consent.irreversible"))
                : Html.NONE);
    boolean isDescribed = !action.description().isEmpty();
    return Html.of(
        """
        <label class="check"><input type="checkbox" name="scope" value="{}" checked>
        <span>{}{}{}</span></label>
        """,
        action.name(),
        isDescribed ? action.description() : action.name(),
        Html.all(marks),
        isDescribed ? hint(action.name()) : Html.NONE);
  }

  private static Html lasts() {
    return Html.of(
        """
        <fieldset><legend>{}</legend>
        <label class="check"><input type="radio" name="lasts" value="hour"><span>{}</span></label>
        <label class="check"><input type="radio" name="lasts" value="day" checked>\
        <span>{}</span></label>
        <label class="check"><input type="radio" name="lasts" value="month"><span>{}</span></label>
        </fieldset>
        """,
        text("consent.lasts"),
        text("consent.lasts.hour"),
        text("consent.lasts.day"),
        text("consent.lasts.month"));
  }

  private static Html depth() {
    return Html.of(
        """
        <fieldset><legend>{}</legend>
        <label class="check"><input type="radio" name="depth" value="1" checked>\
        <span>{}</span></label>
        <label class="check"><input type="radio" name="depth" value="2"><span>{}</span></label>
        <label class="check"><input type="radio" name="depth" value="4"><span>{}</span></label>
        </fieldset>
        """,
        text("consent.depth"),
        text("consent.depth.one"),
        text("consent.depth.two"),
        text("consent.depth.more"));
  }
}
