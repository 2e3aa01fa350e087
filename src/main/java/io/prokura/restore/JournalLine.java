package io.prokura.restore;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.prokura.audit.Persons;
import io.prokura.cutoff.CutOffs;
import io.prokura.feed.Change;
import io.prokura.kernel.Id;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/// One line of the journal: a change that must outlive the database.
///
/// A person stands in it as the hash of an id of 128 random bits, which says nothing to who does
/// not have the id.
///
/// @param number the change's number in the feed
/// @param kind `cutoff` or `erased`
/// @param target what was cut off or who was erased
record JournalLine(long number, String kind, String target) {
  static final String CUT_OFF = "cutoff";
  static final String ERASED = "erased";

  private static final int CHECK_BYTES = 16;
  private static final Pattern FORM =
      Pattern.compile("([1-9][0-9]{0,17}) (cutoff|erased) ([!-~]{1,2000}) ([0-9a-f]{32})");

  /// The line for a change, if it belongs into the journal. The end of a single token does not: the
  /// cut-off that follows a restore ends every token.
  static Optional<JournalLine> of(Change change) {
    if (change.kind().equals(Persons.KIND)) {
      return Optional.of(new JournalLine(change.number(), ERASED, target(change.id())));
    }
    return change.kind().equals(CutOffs.KIND) && Id.Token.parse(change.id()).isEmpty()
        ? Optional.of(new JournalLine(change.number(), CUT_OFF, target(change.id())))
        : Optional.empty();
  }

  /// How a thing is named in the journal.
  static String target(String id) {
    return Id.User.parse(id).isPresent() ? "sha256:" + hash("person " + id, 32) : id;
  }

  /// Whether the change is the one that this line tells of.
  boolean tellsOf(Change change) {
    return of(change).equals(Optional.of(this));
  }

  /// The line as it is written in the journal of the server `identity`, without its end.
  String text(String identity) {
    return content() + " " + check(identity);
  }

  private String content() {
    return number + " " + kind + " " + target;
  }

  private String check(String identity) {
    return hash("journal " + identity + "\n" + content(), CHECK_BYTES);
  }

  /// The line with this text, if it is whole and of the server `identity`.
  static Optional<JournalLine> parse(String text, String identity) {
    var parts = FORM.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    var line = new JournalLine(Long.parseLong(parts.group(1)), parts.group(2), parts.group(3));
    return parts.group(4).equals(line.check(identity)) ? Optional.of(line) : Optional.empty();
  }

  private static String hash(String text, int bytes) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(hash, 0, bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
