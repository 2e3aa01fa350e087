package io.prokura.clients;

import io.prokura.jose.Algorithm;
import io.prokura.kernel.Id;
import io.prokura.kernel.Scopes;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// How an application takes part in authorization requests (RFC 7591 §2, OpenID Connect Dynamic
/// Registration §2). The empty one takes no part.
///
/// @param isPublic whether it has no way to prove itself: an app on somebody's device
/// @param consent whether people are asked before it gets anything
/// @param isPkceOptional whether it may do without PKCE, as older OpenID Connect clients do
/// @param pushedOnly whether its requests have to be pushed (RFC 9126 §6)
/// @param profile the rules it is held to
/// @param resource the resource of a request that names none
/// @param scopes the scopes of a request that names none
/// @param logout how it takes part when people sign out
/// @param identity how it is told who somebody is
/// @param notificationUri where it is told that a person has answered (OpenID Connect CIBA Core §4)
/// @param maxAge how long ago people may have signed in where a request does not say
/// @param origin who registered it
/// @param document the URL by which it is known, and where it says what it is
/// @param links where people read more about it
public record Registration(
    boolean isPublic,
    List<RedirectUri> redirectUris,
    Consent consent,
    boolean isPkceOptional,
    boolean pushedOnly,
    Profile profile,
    Optional<Id.Resource> resource,
    Scopes scopes,
    Logout logout,
    Identity identity,
    Optional<String> notificationUri,
    Optional<Duration> maxAge,
    Origin origin,
    Optional<String> document,
    Links links) {
  /// That of an application that has stated nothing.
  public static final Registration NONE =
      new Registration(
          false,
          List.of(),
          Consent.ASKED,
          false,
          false,
          Profile.OAUTH,
          Optional.empty(),
          Scopes.NONE,
          Logout.NONE,
          Identity.PLAIN,
          Optional.empty(),
          Optional.empty(),
          Origin.ADMINISTRATOR,
          Optional.empty(),
          Links.NONE);

  /// Who registered an application, and so who answers for what it says of itself.
  public enum Origin {
    /// An administrator, who does.
    ADMINISTRATOR("administrator"),
    /// It itself, with a token that an administrator gave it.
    TOKEN("initial-token"),
    /// It itself: nobody does.
    OPEN("open"),
    /// It itself, by a document at the URL that is its id: whoever holds that URL does.
    DOCUMENT("document");

    private final String word;

    Origin(String word) {
      this.word = word;
    }

    /// The word in the API.
    public String word() {
      return word;
    }

    static Optional<Origin> parse(String word) {
      return Arrays.stream(values()).filter(origin -> origin.word.equals(word)).findFirst();
    }
  }

  /// Whether people are asked.
  public enum Consent {
    /// Each person, before the application gets anything.
    ASKED("asked"),
    /// Nobody: whoever registered it answers for it. Where an agent is to act, the person is asked
    /// all the same.
    IMPLIED("implied");

    private final String word;

    Consent(String word) {
      this.word = word;
    }

    /// The word in the API.
    public String word() {
      return word;
    }

    static Optional<Consent> parse(String word) {
      return word.equals("asked")
          ? Optional.of(ASKED)
          : word.equals("implied") ? Optional.of(IMPLIED) : Optional.empty();
    }
  }

  /// The rules that an application is held to.
  public enum Profile {
    /// OAuth 2.1.
    OAUTH("oauth"),
    /// The FAPI 2.0 security profile: confidential, pushed requests, key-bound tokens.
    FAPI2("fapi2");

    private final String word;

    Profile(String word) {
      this.word = word;
    }

    /// The word in the API.
    public String word() {
      return word;
    }

    static Optional<Profile> parse(String word) {
      return word.equals("oauth")
          ? Optional.of(OAUTH)
          : word.equals("fapi2") ? Optional.of(FAPI2) : Optional.empty();
    }
  }

  /// How an application takes part when people sign out.
  ///
  /// @param redirectUris where people may be sent back to afterwards (OpenID Connect RP-Initiated
  ///     Logout 1.0 §3.1)
  /// @param backchannelUri where it is told that a session has ended (OpenID Connect Back-Channel
  ///     Logout 1.0 §2.2)
  /// @param sessionRequired whether it has to be told which session; it always is
  public record Logout(
      List<RedirectUri> redirectUris, Optional<String> backchannelUri, boolean sessionRequired) {
    /// That of an application that takes no part.
    public static final Logout NONE = new Logout(List.of(), Optional.empty(), false);

    public Logout {
      redirectUris = List.copyOf(redirectUris);
    }

    /// Whether people may be sent back to `asked`, which has to be registered to the letter.
    public boolean returnsTo(String asked) {
      return redirectUris.stream().anyMatch(one -> one.text().equals(asked));
    }
  }

  /// How an application is told who somebody is.
  ///
  /// @param idToken what its ID tokens are signed by
  /// @param userinfo what userinfo is signed by for it, where it is not told plainly
  /// @param sector the host within which people have the same name, where applications elsewhere
  ///     must not find out that they know the same person (OpenID Connect Core §8.1)
  public record Identity(Algorithm idToken, Optional<Algorithm> userinfo, Optional<String> sector) {
    /// That of an application that has stated nothing.
    public static final Identity PLAIN =
        new Identity(Algorithm.ES256, Optional.empty(), Optional.empty());

    /// All that something is signed by for it.
    List<Algorithm> algorithms() {
      return Stream.concat(Stream.of(idToken), userinfo.stream()).distinct().toList();
    }
  }

  public Registration {
    redirectUris = List.copyOf(redirectUris);
  }

  Registration withOriginOf(Registration other) {
    return of(other.origin, other.document);
  }

  /// The same of another origin.
  public Registration of(Origin other, Optional<String> url) {
    return new Registration(
        isPublic,
        redirectUris,
        consent,
        isPkceOptional,
        pushedOnly,
        profile,
        resource,
        scopes,
        logout,
        identity,
        notificationUri,
        maxAge,
        other,
        url,
        links);
  }

  boolean hasOriginOf(Registration other) {
    return origin == other.origin && document.equals(other.document);
  }

  /// Whether nothing is said of it but what an administrator says.
  boolean isPlain() {
    return isVouchedFor() && document.isEmpty();
  }

  /// Whether an administrator registered the application, rather than it itself.
  public boolean isVouchedFor() {
    return origin == Origin.ADMINISTRATOR;
  }

  /// Whether it is held to the FAPI 2.0 security profile.
  public boolean isFapi2() {
    return profile == Profile.FAPI2;
  }

  /// The registered redirect URI that `asked` matches.
  public Optional<RedirectUri> redirect(String asked) {
    return redirectUris.stream().filter(one -> one.matches(asked)).findFirst();
  }
}
