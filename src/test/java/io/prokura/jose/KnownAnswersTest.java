package io.prokura.jose;

import static io.prokura.jose.Keys.REASON;
import static io.prokura.jose.Keys.object;
import static io.prokura.jose.Keys.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Figures of the RFCs.
final class KnownAnswersTest {
  private static final String ANY_TYPE_CLAIMS =
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
          + "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
  private static final ExpectedType NO_TYPE = ExpectedType.of().orAbsent();

  /// RFC 7515 appendix A.3.
  @ParameterizedTest
  @MethodSource("io.prokura.jose.Keys#everyCode")
  void verifiesTheEs256Example(Crypto crypto) {
    var key =
        key(
            crypto,
            """
            {"kty":"EC","crv":"P-256",
             "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
             "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}""");
    var token =
        "eyJhbGciOiJFUzI1NiJ9."
            + ANY_TYPE_CLAIMS
            + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSA"
            + "pmWQxfKTUJqPP3-Kg6NU1Q";
    assertThat(verified(token, key).claims().text("iss")).contains("joe");
  }

  /// RFC 7515 appendix A.2.
  @ParameterizedTest
  @MethodSource("io.prokura.jose.Keys#everyCode")
  void verifiesTheRs256Example(Crypto crypto) {
    var key =
        key(
            crypto,
            "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\""
                + "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrc"
                + "S2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGz"
                + "jb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xs"
                + "mtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8"
                + "q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ\"}");
    var token =
        "eyJhbGciOiJSUzI1NiJ9."
            + ANY_TYPE_CLAIMS
            + ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Q"
            + "c_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyW"
            + "zO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC"
            + "-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLI"
            + "hWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    assertThat(verified(token, key).claims().number("exp")).contains(1300819380L);
  }

  /// RFC 8037 appendices A.1 to A.5. Ed25519 is deterministic, so signing has a known answer too.
  @ParameterizedTest
  @MethodSource("io.prokura.jose.Keys#everyCode")
  void signsTheEd25519Example(Crypto crypto) {
    var secret =
        """
        {"alg":"EdDSA","kty":"OKP","crv":"Ed25519",
         "d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
         "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""";
    var key = SigningKey.ofSecret(crypto, Keys.JSON, Keys.utf8(secret));
    assertThat(key.kid()).isEqualTo("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");

    var signed = Keys.utf8("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc");
    var signature = key.sign(signed);
    assertThat(Base64Url.encode(signature))
        .isEqualTo(
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvp"
                + "Ar_MuM0KAg");
    assertThat(key.verificationKey().verifies(Algorithm.EDDSA, signed, signature)).isTrue();
  }

  /// RFC 7638 §3.1.
  @Test
  void takesTheThumbprintOfAnRsaKey() {
    var key =
        key(
            Keys.JDK,
            "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"alg\":\"RS256\",\"kid\":\"2011-04-29\",\"n\":\""
                + "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxu"
                + "hDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN"
                + "5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5"
                + "hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBni"
                + "Iqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw\"}");
    assertThat(key.thumbprint()).isEqualTo("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    assertThat(key.algorithms()).containsExactly(Algorithm.RS256);
  }

  /// RFC 9449 §6.1.
  @Test
  void takesTheThumbprintOfAnEcKey() {
    var key =
        key(
            Keys.JDK,
            """
            {"kty":"EC","crv":"P-256",
             "x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
             "y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"}""");
    assertThat(key.thumbprint()).isEqualTo("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
  }

  private static VerificationKey key(Crypto crypto, String jwk) {
    Json.Obj object = object(jwk);
    return value(VerificationKey.parse(crypto, object, REASON));
  }

  private static Jwt verified(String token, VerificationKey key) {
    return value(value(Keys.READER.read(token, REASON)).verify(key, NO_TYPE, REASON));
  }
}
