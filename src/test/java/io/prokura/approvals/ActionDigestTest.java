package io.prokura.approvals;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prokura.json.Json;
import io.prokura.json.JsonReader;
import io.prokura.kernel.Id;
import io.prokura.kernel.Limits;
import io.prokura.kernel.Result.Ok;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ActionDigestTest {
  private static final String END = "00000000000000000000000000";

  private static Json.Obj json(String text) {
    var read =
        new JsonReader(Limits.standard()).readObject(text.replace('\'', '"').getBytes(UTF_8));
    if (read instanceof Ok(var object)) {
      return object;
    }
    throw new AssertionError(text);
  }

  private static ActionDigest digest(String arguments) {
    return new ExactAction(
            List.of(new Id.Agent("agt_" + END), new Id.User("usr_" + END)),
            List.of(new Id.Delegation("dlg_" + END)),
            Optional.of(new Id.Purpose("pur_" + END)),
            new Id.Resource("res_" + END),
            "customer",
            "c-1",
            "delete",
            json(arguments))
        .digest();
  }

  /// The bytes that are hashed, so that others can work the digest out.
  @Test
  void isTheHashOfTheCanonicalForm() throws Exception {
    var canonical =
        ("{\"action\":\"delete\",\"arguments\":{\"a\":1,\"b\":[\"x\"]},"
                + "\"chain\":[\"agt_%1$s\",\"usr_%1$s\"],\"delegations\":[\"dlg_%1$s\"],"
                + "\"object\":{\"id\":\"c-1\",\"type\":\"customer\"},"
                + "\"purpose\":\"pur_%1$s\",\"resource\":\"res_%1$s\"}")
            .formatted(END);
    var hash = MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(UTF_8));
    assertThat(digest("{'b':['x'],'a':1}").text())
        .isEqualTo(Base64.getUrlEncoder().withoutPadding().encodeToString(hash));
  }

  @Test
  void isTheSameForTheSameValuesHoweverTheyAreSpelled() {
    assertThat(digest("{'a':1,'b':'x'}")).isEqualTo(digest("{ 'b' : 'x', 'a' : 1.0 }"));
    assertThat(digest("{'a':1}")).isNotEqualTo(digest("{'a':'1'}"));
    assertThat(digest("{'a':1}")).isNotEqualTo(digest("{'a':1,'b':null}"));
    assertThat(digest("{'a':['x','y']}")).isNotEqualTo(digest("{'a':['y','x']}"));
  }

  @Test
  void takesTheIdentifyingArgumentsAndNoOthers() {
    var sent = json("{'id':'c-1','note':'hello','amount':10}");
    assertThat(ExactAction.identifying(List.of("id", "amount"), sent))
        .contains(json("{'id':'c-1','amount':10}"));
  }

  @Test
  void identifiesNothingByNoArgumentsOrMissingOnes() {
    assertThat(ExactAction.identifying(List.of(), json("{'id':'c-1'}"))).isEmpty();
    assertThat(ExactAction.identifying(List.of("id", "amount"), json("{'id':'c-1'}"))).isEmpty();
    var long1 = "{'id':'" + "x".repeat(ExactAction.ARGUMENTS_MAX) + "'}";
    assertThat(ExactAction.identifying(List.of("id"), json(long1))).isEmpty();
  }

  /// Two accounts whose numbers are the same double must not share an approval.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "9007199254740992",
        "9007199254740993",
        "-9007199254740993",
        "9223372036854775807",
        "-9223372036854775808",
        "100000000000000000000000",
        "1e30",
        "[9007199254740993]",
        "{'x':9007199254740993}"
      })
  void identifiesNothingByNumbersThatAreNotExact(String number) {
    var sent = json("{'id':" + number + "}");
    assertThat(ExactAction.identifying(List.of("id"), sent)).isEmpty();
  }

  @Test
  void takesTheGreatestExactNumber() {
    var sent = json("{'id':9007199254740991}");
    assertThat(ExactAction.identifying(List.of("id"), sent)).contains(sent);
  }
}
