package io.prokura.seal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.kernel.Pool;
import io.prokura.kernel.World;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class XaesTest {

  /// Figures of the C2SP document, one for each value of the bit that doubling carries out.
  @ParameterizedTest
  @CsvSource({
    "1, '', ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271",
    "3, c2sp.org/XAES-256-GCM, 986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d"
  })
  void agreesWithTheSpecification(byte fill, String associated, String ciphertext) {
    var key = new byte[32];
    Arrays.fill(key, fill);
    var nonce = "ABCDEFGHIJKLMNOPQRSTUVWX".getBytes(US_ASCII);
    var xaes = new Xaes(key, new Pool<>());
    var plain = "XAES-256-GCM".getBytes(US_ASCII);
    var sealed = xaes.encrypt(drawing(nonce), new byte[] {9}, plain, associated.getBytes(US_ASCII));
    var hex = HexFormat.of();
    assertThat(hex.formatHex(sealed)).isEqualTo("09" + hex.formatHex(nonce) + ciphertext);
    assertThat(xaes.decrypt(sealed, 1, associated.getBytes(US_ASCII)))
        .hasValueSatisfying(opened -> assertThat(opened).isEqualTo(plain));
  }

  private static World drawing(byte[] bytes) {
    RandomGenerator fixed =
        new Random(0) {
          private static final long serialVersionUID = 1L;

          @Override
          public void nextBytes(byte[] into) {
            System.arraycopy(bytes, 0, into, 0, into.length);
          }
        };
    return new World(() -> Instant.EPOCH, fixed);
  }
}
