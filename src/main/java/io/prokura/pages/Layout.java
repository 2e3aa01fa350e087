package io.prokura.pages;

import static io.prokura.pages.Texts.text;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.http.Response;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.SequencedMap;

/// What all pages have in common: the frame around them, the one style sheet, and headers by which
/// a browser runs no script but ours, asks no other host for anything and lets nobody put a page in
/// a frame.
final class Layout {
  private static final String STYLE =
      """
      :root{color-scheme:light dark;--back:#f4f5f7;--card:#fff;--text:#1b1f24;--soft:#4b5563;\
      --line:#6b7280;--accent:#0b57b0;--on:#fff;--bad:#b3261e}
      @media(prefers-color-scheme:dark){:root{--back:#14171a;--card:#1e2226;--text:#eceff1;\
      --soft:#b6bdc5;--line:#8b949e;--accent:#8ab8ff;--on:#0b1b33;--bad:#ff9d94}}
      *{box-sizing:border-box}
      body{margin:0;background:var(--back);color:var(--text);font:1rem/1.5 system-ui,sans-serif}
      header{padding:1rem;text-align:center;font-weight:700}
      main{max-width:30rem;margin:0 auto 2rem;padding:1.5rem;background:var(--card);\
      border-radius:.75rem}
      main.wide{max-width:46rem}
      h1{font-size:1.4rem;line-height:1.25;margin:0 0 1rem}
      h2{font-size:1.1rem;margin:1.5rem 0 .5rem}
      label{display:block;margin:1rem 0 .25rem;font-weight:600}
      .hint{color:var(--soft);margin:0 0 .25rem}
      input{width:100%;min-height:2.75rem;padding:.5rem .75rem;font:inherit;color:inherit;\
      background:transparent;border:1px solid var(--line);border-radius:.4rem}
      input[aria-invalid]{border:2px solid var(--bad)}
      button,.button{display:inline-block;min-height:2.75rem;margin:1.25rem 0 0;\
      padding:.55rem 1.25rem;\
      font:inherit;font-weight:600;color:var(--on);background:var(--accent);border:0;\
      border-radius:.4rem;text-decoration:none;cursor:pointer}
      button.small{margin:0;min-height:2.25rem;padding:.25rem .9rem}
      a{color:var(--accent)}a.button{color:var(--on)}
      a.alone{display:inline-block;padding:.6rem 0}
      p+a.alone{margin-top:-.6rem}form+a.alone{margin-top:.75rem}
      :focus-visible{outline:3px solid var(--accent);outline-offset:2px}
      .problem{border:2px solid var(--bad);border-radius:.4rem;padding:.75rem 1rem;margin:0 0 1rem}
      .problem h2{margin:0}.problem ul{margin:.25rem 0 0;padding-left:1.2rem}
      .problem a{color:var(--bad)}
      .key,.codes{font-family:ui-monospace,monospace;overflow-wrap:anywhere}
      .codes{columns:2;list-style:none;padding:0}
      .links{list-style:none;padding:0}.links a{display:inline-block;padding:.35rem 0}
      .sessions{list-style:none;padding:0}
      .sessions li{border-top:1px solid var(--line);padding:.75rem 0}
      fieldset{border:1px solid var(--line);border-radius:.4rem;margin:1rem 0;\
      padding:.25rem 1rem .75rem}legend{font-weight:600;padding:0 .35rem}
      label.check{display:flex;align-items:flex-start;gap:.75rem;font-weight:400;margin:.6rem 0 0}
      label.check input{width:1.25rem;min-height:1.25rem;flex:none;margin:.15rem 0 0}
      .mark{color:var(--bad);border:1px solid;border-radius:.3rem;padding:0 .4rem;\
      font-size:.85rem;display:inline-block}
      dt{color:var(--soft)}.facts dd{margin:0 0 .6rem}
      .choice{display:flex;flex-wrap:wrap;gap:0 1rem;margin:0 0 1rem}
      button.second{color:var(--accent);background:transparent;border:2px solid var(--accent)}
      button.danger{color:var(--bad);border-color:var(--bad)}
      h2+form button{margin-top:.5rem}
      .skip{position:absolute;left:-99rem}.skip:focus{left:1rem}
      dl{margin:0 0 .5rem;display:grid;grid-template-columns:auto 1fr;gap:0 1rem}dd{margin:0}
      [hidden]{display:none}
      @media(max-width:30rem){dl.facts{display:block}}
      @media(min-width:40rem){.sessions li{display:grid;grid-template-columns:1fr auto;\
      gap:0 1.5rem}.sessions li>*{grid-column:1}\
      .sessions li>form{grid-column:2;grid-row:1/span 2}}
      """;

  private static final String POSTED = "document.forms[0].submit()";
  private static final String POLICY = policy("form-action 'self'");

  private static final Html SCRIPT =
      new Html("<script src=\"/assets/passkeys.js\" defer></script>\n");

  private Layout() {}

  /// A whole page that may run the one script there is, and no other. `kind` is empty or `wide`.
  static Response scripted(int status, String title, Html content, String kind) {
    return page(status, title, SCRIPT, content, kind, POLICY + "; script-src 'self'");
  }

  /// A whole page.
  static Response page(int status, String title, Html content) {
    return page(status, title, Html.NONE, content, "");
  }

  /// A whole page with room for lists.
  static Response wide(int status, String title, Html content) {
    return page(status, title, Html.NONE, content, "wide");
  }

  /// A page that goes on to `path` by itself. A redirect would not do: browsers hold whatever
  /// follows a form to the form's own targets, and what follows may lead to another host.
  static Response onward(String title, String path, Html content) {
    var refresh = Html.of("<meta http-equiv=\"refresh\" content=\"0;url={}\">", path);
    return page(200, title, refresh, content, "");
  }

  /// A page whose form goes to the registered address `to` by itself, or by hand without scripts
  /// (OAuth 2.0 Form Post Response Mode §2). Only here may a form leave this server.
  static Response posting(String to, SequencedMap<String, String> parameters) {
    var fields =
        parameters.entrySet().stream().map(one -> hidden(one.getKey(), one.getValue())).toList();
    var form =
        Html.of(
            "<form method=\"post\" action=\"{}\">{}{}</form><script>{}</script>",
            to,
            Html.all(fields),
            button(text("continue")),
            new Html(POSTED));
    var policy = policy("script-src 'sha256-" + sha256(POSTED) + "'");
    return page(200, text("return.title"), Html.NONE, form, "", policy);
  }

  private static String policy(String more) {
    return "default-src 'none'; style-src 'sha256-"
        + sha256(STYLE)
        + "'; "
        + more
        + "; base-uri 'none'; frame-ancestors 'none'";
  }

  private static Response page(int status, String title, Html head, Html content, String kind) {
    return page(status, title, head, content, kind, POLICY);
  }

  private static Response page(
      int status, String title, Html head, Html content, String kind, String policy) {
    var page =
        Html.of(
            """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{} - {}</title>
            {}<style>{}</style>
            </head>
            <body>
            <a class="skip" href="#content">{}</a>
            <header>{}</header>
            <main id="content" class="{}">
            <h1>{}</h1>
            {}
            </main>
            </body>
            </html>
            """,
            title,
            text("product"),
            head,
            new Html(STYLE),
            text("skip"),
            text("product"),
            kind,
            title,
            content);
    return Response.bytes(status, "text/html; charset=utf-8", page.markup().getBytes(UTF_8))
        .with("Content-Security-Policy", policy)
        .with("X-Frame-Options", "DENY")
        .with("Cross-Origin-Opener-Policy", "same-origin")
        .with("Cross-Origin-Resource-Policy", "same-origin");
  }

  /// A page that says no.
  static Response refusal(int status, String title, String detail) {
    return page(status, title, Html.of("<p>{}</p>", detail));
  }

  /// What is wrong with a form, each with the field it is about, or none.
  record Fault(String field, String text) {
    /// What no other entry in a field would mend.
    static Fault ofForm(String text) {
      return new Fault("", text);
    }

    private Html item() {
      return field.isEmpty()
          ? Html.of("<li>{}</li>", text)
          : Html.of("<li><a href=\"#{}\">{}</a></li>", field, text);
    }
  }

  /// That something may be tried again in a while: the status 429 or 503 and the seconds.
  static Response later(Response response, Duration wait) {
    return response.with("Retry-After", String.valueOf(seconds(wait)));
  }

  /// How long to wait, in words.
  static String inWords(Duration wait) {
    return seconds(wait) == 1 ? text("wait.second") : text("wait.seconds", seconds(wait));
  }

  /// The seconds to wait, of which the last may be a part.
  static long seconds(Duration wait) {
    return wait.plusMillis(999).toSeconds();
  }

  /// A page that says what came of something, and where the person goes from there.
  static Response outcome(int status, String title, String detail, String path, String onward) {
    return page(
        status,
        title,
        Html.of("<p>{}</p><a class=\"button\" href=\"{}\">{}</a>", detail, path, onward));
  }

  /// The list of faults that stands before a form, or nothing.
  static Html faults(List<Fault> faults) {
    if (faults.isEmpty()) {
      return Html.NONE;
    }
    return Html.of(
        """
        <div class="problem" role="alert">
        <h2>{}</h2>
        <ul>{}</ul>
        </div>
        """,
        text("problem.title"),
        Html.all(faults.stream().map(Fault::item).toList()));
  }

  /// A labelled field of a form.
  record Field(String name, String label, String hint, String type, String value, String fill) {}

  static Html field(Field field, List<Fault> faults) {
    boolean bad = faults.stream().anyMatch(one -> one.field().equals(field.name()));
    boolean hinted = !field.hint().isEmpty();
    return Html.of(
        "<label for=\"{}\">{}</label>{}"
            + "<input id=\"{}\" name=\"{}\" type=\"{}\" value=\"{}\" autocomplete=\"{}\""
            + " maxlength=\"256\" required autocapitalize=\"none\" spellcheck=\"false\"{}{}>\n",
        field.name(),
        field.label(),
        hinted
            ? Html.of("<p class=\"hint\" id=\"{}-hint\">{}</p>", field.name(), field.hint())
            : Html.NONE,
        field.name(),
        field.name(),
        field.type(),
        field.value(),
        field.fill(),
        hinted ? Html.of(" aria-describedby=\"{}-hint\"", field.name()) : Html.NONE,
        bad ? new Html(" aria-invalid=\"true\"") : Html.NONE);
  }

  static Html hidden(String name, String value) {
    return Html.of("<input type=\"hidden\" name=\"{}\" value=\"{}\">\n", name, value);
  }

  static Html button(String label) {
    return Html.of("<button type=\"submit\">{}</button>\n", label);
  }

  private static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is missing", e);
    }
  }
}
