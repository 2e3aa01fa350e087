package io.prokura.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.authenticators.AuthenticatorApp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.htmlunit.BrowserVersion;
import org.htmlunit.HttpMethod;
import org.htmlunit.ScriptException;
import org.htmlunit.StringWebResponse;
import org.htmlunit.WebClient;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.DomNode;
import org.htmlunit.html.HtmlCheckBoxInput;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlInput;
import org.htmlunit.html.HtmlLabel;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.javascript.SilentJavaScriptErrorListener;
import org.htmlunit.util.WebConnectionWrapper;

/// A person at a whole browser, with its scripts on or off, who reads pages, fills in what has a
/// label and presses what has a name. Every page that comes is looked at: what may run in it, that
/// nobody can frame it, that its forms carry their token and its fields have labels. Requests to
/// other hosts than the server's are kept and answered with an empty page.
final class Visitor implements AutoCloseable {
  private final WebClient client;
  private final String server;
  private final List<String> elsewhere = new ArrayList<>();
  private final List<String> failed = new ArrayList<>();
  private HtmlPage page;

  Visitor(int port, boolean scripts) {
    server = "http://127.0.0.1:" + port;
    client = new WebClient(BrowserVersion.CHROME);
    client.getOptions().setJavaScriptEnabled(scripts);
    client.getOptions().setThrowExceptionOnFailingStatusCode(false);
    client.getOptions().setThrowExceptionOnScriptError(false);
    client.setJavaScriptErrorListener(
        new SilentJavaScriptErrorListener() {
          @Override
          public void scriptException(HtmlPage at, ScriptException failure) {
            failed.add(failure.getMessage());
          }
        });
    // It would spell the address in lower case; who waits for nothing presses the link there.
    client.setRefreshHandler((_, _, _) -> {});
    client.setWebConnection(
        new WebConnectionWrapper(client) {
          @Override
          public WebResponse getResponse(WebRequest request) throws IOException {
            var url = request.getUrl();
            if (url.toString().startsWith(server + "/")) {
              var response = super.getResponse(request);
              check(response);
              return response;
            }
            elsewhere.add(request.getHttpMethod() + " " + url);
            return new StringWebResponse("<title>elsewhere</title>", url);
          }
        });
    page = open("/login");
  }

  /// What the headers of every page say.
  private static void check(WebResponse response) {
    if (!response.getContentType().equals("text/html")) {
      return;
    }
    var at = response.getWebRequest().getUrl().toString();
    assertThat(response.getResponseHeaderValue("Content-Security-Policy"))
        .as(at)
        .contains("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'")
        .doesNotContain("unsafe", "http:", "https:", "*");
    assertThat(response.getResponseHeaderValue("X-Frame-Options")).as(at).isEqualTo("DENY");
    assertThat(response.getResponseHeaderValue("Cache-Control")).as(at).isEqualTo("no-store");
    assertThat(response.getResponseHeaderValue("Referrer-Policy")).as(at).isEqualTo("no-referrer");
    assertThat(response.getContentAsString(StandardCharsets.UTF_8))
        .as(at)
        .doesNotContain("onclick=", "onload=", "javascript:", "<iframe", "<img", "<link");
  }

  /// What whoever reads pages by ear or fills in forms rests on.
  private static HtmlPage read(HtmlPage page) {
    if (page.getTitleText().equals("elsewhere")) {
      return page;
    }
    var at = page.getUrl().toString();
    assertThat(page.getDocumentElement().getAttribute("lang")).as(at).isEqualTo("en");
    assertThat(page.getElementsByTagName("h1")).as(at).hasSize(1);
    assertThat(page.getElementsByTagName("main")).as(at).hasSize(1);
    for (var form : page.getForms()) {
      if (form.getActionAttribute().startsWith("/")) {
        assertThat(form.getMethodAttribute()).as(at).isEqualTo("post");
        assertThat(form.getInputsByName("form_token")).as(at + " " + form).hasSize(1);
      }
      named(at, form);
    }
    return page;
  }

  private static void named(String at, HtmlForm form) {
    for (var element : form.getElementsByTagName("input")) {
      var input = (HtmlInput) element;
      if (!input.getType().equals("hidden")) {
        var labels = form.getByXPath("//label[@for='" + input.getId() + "']");
        boolean around = input.getByXPath("ancestor::label").size() == 1;
        assertThat(around || labels.size() == 1).as(at + " " + input).isTrue();
      }
    }
    for (var button : form.getElementsByTagName("button")) {
      assertThat(button.getTextContent()).as(at).isNotBlank();
    }
  }

  HtmlPage open(String path) {
    try {
      page = read(client.getPage(server + path));
      return page;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What stands on the page, as it is seen.
  String text() {
    return page.asNormalizedText();
  }

  int status() {
    return page.getWebResponse().getStatusCode();
  }

  /// The path that the browser shows.
  String path() {
    return URI.create(page.getUrl().toString()).getPath();
  }

  /// The hidden field that shows that a form is this browser's.
  String token() {
    return page.<DomElement>getFirstByXPath("//input[@name='form_token']").getAttribute("value");
  }

  /// What the page would have a passkey asked for.
  String options() {
    return page.<DomElement>getFirstByXPath("//form[@data-options]").getAttribute("data-options");
  }

  /// The key for an app that the page shows.
  AuthenticatorApp app() {
    return new AuthenticatorApp(page.querySelector(".key").getTextContent());
  }

  /// The recovery codes that the page shows.
  List<String> codes() {
    return page.querySelectorAll(".codes li").stream().map(DomNode::getTextContent).toList();
  }

  /// Types `value` into the field with this label.
  void fill(String label, String value) {
    ((HtmlInput) labelled(label).getLabeledElement()).setValue(value);
  }

  /// Ticks or unticks the box whose label has `text`, or chooses it.
  void tick(String text, boolean ticked) {
    var box = page.<HtmlInput>getFirstByXPath("//label[contains(.,'" + text + "')]//input");
    assertThat(box).as(text).isNotNull();
    if (box instanceof HtmlCheckBoxInput check) {
      check.setChecked(ticked);
    } else {
      box.setChecked(ticked);
    }
  }

  private HtmlLabel labelled(String text) {
    return page.getElementsByTagName("label").stream()
        .map(HtmlLabel.class::cast)
        .filter(label -> label.isDisplayed() && label.getTextContent().strip().equals(text))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no field is called " + text + ": " + text()));
  }

  boolean hasButton(String name) {
    return page.getElementsByTagName("button").stream().anyMatch(one -> isCalled(one, name));
  }

  /// Presses the first button, or follows the first link, that has this name.
  void press(String name) {
    var found =
        page.querySelectorAll("button, a").stream()
            .map(DomElement.class::cast)
            .filter(one -> isCalled(one, name))
            .findFirst()
            .orElseThrow(() -> new AssertionError("nothing is called " + name + ": " + text()));
    try {
      found.click();
      page = read((HtmlPage) client.getCurrentWindow().getEnclosedPage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isCalled(DomElement element, String name) {
    var said = element.getAttribute("aria-label");
    return element.isDisplayed()
        && (said.equals(name) || element.getTextContent().strip().equals(name));
  }

  /// Sends a form by hand, as a program or another page would; the status of the answer.
  int forge(String path, String form) {
    try {
      var request = new WebRequest(URI.create(server + path).toURL(), HttpMethod.POST);
      request.setAdditionalHeader("Content-Type", "application/x-www-form-urlencoded");
      request.setRequestBody(form);
      return client.loadWebResponse(request).getStatusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The requests to other hosts since the last time this was asked.
  List<String> elsewhere() {
    var all = List.copyOf(elsewhere);
    elsewhere.clear();
    return all;
  }

  /// Its engine knows no asynchronous functions, so that the script for passkeys fails in it as in
  /// an old browser. Nothing else may.
  @Override
  public void close() {
    assertThat(failed).allMatch(one -> one.contains("/assets/passkeys.js"));
    client.close();
  }
}
