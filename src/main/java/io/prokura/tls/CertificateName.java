package io.prokura.tls;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;

/// A name by which a certificate speaks of its holder, in the one spelling in which names are
/// compared (RFC 8705 §2.1.2). Nothing in it is a pattern: `*` stands for nothing but itself, and
/// cannot be registered.
public record CertificateName(Kind kind, String value) {
  private static final Pattern HOST = Pattern.compile("[a-z0-9._-]+");
  private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:[!-~]+");
  private static final Pattern MAILBOX = Pattern.compile("[!-?A-~]+@[A-Za-z0-9.-]+");

  /// Where in a certificate the name stands.
  public enum Kind {
    /// The subject, compared as X.500 names are (RFC 4514, RFC 5280 §7.1).
    SUBJECT_DN("subjectDn", -1),
    SAN_DNS("sanDns", 2),
    SAN_URI("sanUri", 6),
    SAN_IP("sanIp", 7),
    SAN_EMAIL("sanEmail", 1);

    private final String word;
    private final int tag;

    Kind(String word, int tag) {
      this.word = word;
      this.tag = tag;
    }

    /// The word for it in the API, in the database and in the record.
    public String word() {
      return word;
    }

    /// The kind with this word; throws for another one.
    public static Kind of(String word) {
      return Arrays.stream(values())
          .filter(kind -> kind.word.equals(word))
          .findFirst()
          .orElseThrow();
    }
  }

  /// The name that `text` spells; empty when it spells none.
  public static Optional<CertificateName> of(Kind kind, String text) {
    return normal(kind, text).map(value -> new CertificateName(kind, value));
  }

  /// Every name in the certificate. What cannot be read counts as absent.
  public static Set<CertificateName> in(X509Certificate certificate) {
    var names = new LinkedHashSet<CertificateName>();
    var subject = certificate.getSubjectX500Principal().getName(X500Principal.CANONICAL);
    if (!subject.isEmpty()) {
      names.add(new CertificateName(Kind.SUBJECT_DN, subject));
    }
    try {
      var alternatives = certificate.getSubjectAlternativeNames();
      for (var entry : alternatives == null ? List.<List<?>>of() : alternatives) {
        for (var kind : Kind.values()) {
          if (entry.get(0).equals(kind.tag) && entry.get(1) instanceof String text) {
            of(kind, text).ifPresent(names::add);
          }
        }
      }
    } catch (CertificateParsingException e) {
      return Set.of();
    }
    return names;
  }

  private static Optional<String> normal(Kind kind, String text) {
    try {
      return switch (kind) {
        case SUBJECT_DN ->
            Optional.of(new X500Principal(text).getName(X500Principal.CANONICAL))
                .filter(name -> !name.isEmpty());
        case SAN_DNS -> Optional.of(text.toLowerCase(Locale.ROOT)).filter(HOST.asMatchPredicate());
        case SAN_URI -> Optional.of(text).filter(URI.asMatchPredicate());
        case SAN_IP -> Optional.of(InetAddress.ofLiteral(text).getHostAddress());
        case SAN_EMAIL -> email(text);
      };
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// The host of a mailbox is compared without case, its local part with (RFC 5280 §7.5).
  private static Optional<String> email(String text) {
    int at = text.lastIndexOf('@');
    return MAILBOX.matcher(text).matches()
        ? Optional.of(text.substring(0, at) + text.substring(at).toLowerCase(Locale.ROOT))
        : Optional.empty();
  }
}
