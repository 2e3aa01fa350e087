package io.prokura.tlog;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// A signature line of a note, as it stands there: a claim until a key verifies it.
public final class NoteSignature {
  private static final String DASH = "\u2014 ";
  private static final int KEY_ID_BYTES = 4;

  private final String name;
  private final int keyId;
  private final byte[] signature;

  /// A signature by the key of this name and id; at least one byte.
  public NoteSignature(String name, int keyId, byte[] signature) {
    if (!Syntax.isKeyName(name)) {
      throw new IllegalArgumentException("not a key name");
    }
    if (signature.length == 0) {
      throw new IllegalArgumentException("a signature has at least one byte");
    }
    this.name = name;
    this.keyId = keyId;
    this.signature = signature.clone();
  }

  /// Parses a line without its newline, as [#toString] prints it.
  ///
  /// @throws InvalidException for any other text
  public static NoteSignature parse(String line) throws InvalidException {
    var space = line.lastIndexOf(' ');
    if (!line.startsWith(DASH) || space < DASH.length()) {
      throw new InvalidException("the line is not a note signature");
    }
    var name = line.substring(DASH.length(), space);
    if (!Syntax.isKeyName(name)) {
      throw new InvalidException("the note signature has a malformed key name");
    }
    var bytes = Syntax.base64(line.substring(space + 1), "the note signature");
    if (bytes.length <= KEY_ID_BYTES) {
      throw new InvalidException("the note signature is too short");
    }
    var signature = Arrays.copyOfRange(bytes, KEY_ID_BYTES, bytes.length);
    return new NoteSignature(name, ByteBuffer.wrap(bytes).getInt(), signature);
  }

  /// The name of the key that is said to have signed.
  public String name() {
    return name;
  }

  /// The id of the key that is said to have signed.
  public int keyId() {
    return keyId;
  }

  /// A copy of the signature, without the key id.
  public byte[] signature() {
    return signature.clone();
  }

  /// The signature line without its newline.
  @Override
  public String toString() {
    var bytes = ByteBuffer.allocate(KEY_ID_BYTES + signature.length).putInt(keyId).put(signature);
    return DASH + name + " " + Syntax.base64(bytes.array());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NoteSignature that
        && name.equals(that.name)
        && keyId == that.keyId
        && Arrays.equals(signature, that.signature);
  }

  @Override
  public int hashCode() {
    return 31 * keyId + Arrays.hashCode(signature);
  }
}
