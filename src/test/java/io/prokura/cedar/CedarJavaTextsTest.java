package io.prokura.cedar;

import static org.assertj.core.api.Assertions.assertThat;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.AuthorizationRequest;
import com.cedarpolicy.model.entity.Entities;
import com.cedarpolicy.value.EntityTypeName;
import com.cedarpolicy.value.EntityUID;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Compares with cedar-java, which runs the reference implementation, which texts are decimals,
/// addresses, times and durations, and which values they are: texts that are nearly right, each in
/// a policy that holds if the reference reads what is read here and fails if it reads nothing.
/// `-Dcedar.texts=N` sets their number, `-Dseed=N` the seed.
final class CedarJavaTextsTest {
  private static final String CHARACTERS = "0123456789abcdefAF:./-+TZdhms *%\u0661";
  private static final int POLICIES = 500;

  @Test
  void extensionTextsAreReadAlike() throws Exception {
    var first = System.getProperty("seed", "");
    long seed = first.isEmpty() ? 20_261_125L : Long.parseLong(first);
    var random = new Random(seed);
    int left = Integer.getInteger("cedar.texts", 4000);
    for (; left > 0; left -= POLICIES) {
      compare(random, seed);
    }
  }

  private static void compare(Random random, long seed) throws Exception {
    var texts = new LinkedHashMap<String, String>();
    var here = new HashMap<String, String>();
    for (int i = 0; i < POLICIES; i++) {
      var test = test(random);
      texts.put("p" + i, "permit(principal, action, resource) when { " + test.text() + " };");
      here.put("p" + i, test.holds() ? "holds" : "fails");
    }
    var there = reference(texts);
    var different = new ArrayList<String>();
    here.forEach(
        (id, outcome) -> {
          var other = there.getOrDefault(id, "is another value");
          if (!other.equals(outcome)) {
            different.add("%s here, %s there: %s".formatted(outcome, other, texts.get(id)));
          }
        });
    assertThat(different).as("-Dseed=" + seed).isEmpty();
  }

  private record Held(String text, boolean holds) {}

  private static Held test(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> {
        var text = mutant(random, Spellings.DECIMALS);
        yield held("decimal", text, Decimal.parse(text).map(Decimal::toString), "%s == %s");
      }
      case 1 -> {
        var text = mutant(random, Spellings.IPS);
        yield held("ip", text, IpAddress.parse(text).map(IpAddress::toString), "%s == %s");
      }
      case 2 -> {
        var text = mutant(random, Spellings.DATETIMES);
        var value = DateTime.parse(text).map(time -> "" + time.epochMilliseconds());
        var since = "%s.durationSince(datetime(\"1970-01-01\")).toMilliseconds() == %s";
        yield held("datetime", text, value, since);
      }
      default -> {
        var text = mutant(random, Spellings.DURATIONS);
        var value = Duration.parse(text).map(time -> "" + time.milliseconds());
        yield held("duration", text, value, "%s.toMilliseconds() == %s");
      }
    };
  }

  private static Held held(String function, String text, Optional<String> value, String pattern) {
    var call = function + "(" + Quoted.string(text) + ")";
    return new Held(pattern.formatted(call, value.orElse(call)), value.isPresent());
  }

  /// One of the texts with up to three characters changed, left out or put in.
  private static String mutant(Random random, List<String> texts) {
    var text = new StringBuilder(texts.get(random.nextInt(texts.size())));
    for (int changes = random.nextInt(4); changes > 0; changes--) {
      char c = CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
      int at = random.nextInt(text.length() + 1);
      switch (random.nextInt(3)) {
        case 0 -> text.insert(at, c);
        case 1 -> text.delete(at, Math.min(text.length(), at + 1));
        default -> text.replace(at, Math.min(text.length(), at + 1), String.valueOf(c));
      }
    }
    return text.toString();
  }

  private static Map<String, String> reference(Map<String, String> texts) throws Exception {
    var policies = new HashSet<com.cedarpolicy.model.policy.Policy>();
    texts.forEach((id, text) -> policies.add(new com.cedarpolicy.model.policy.Policy(text, id)));
    var nobody = new EntityUID(EntityTypeName.parse("A").orElseThrow(), "1");
    var action = new EntityUID(EntityTypeName.parse("Action").orElseThrow(), "view");
    var response =
        new BasicAuthorizationEngine()
            .isAuthorized(
                new AuthorizationRequest(nobody, action, nobody, Map.of()),
                new com.cedarpolicy.model.policy.PolicySet(policies),
                Entities.parse("[]"));
    var success =
        response.success.orElseThrow(
            () -> new AssertionError("the reference refused: " + response.errors));
    var outcomes = new HashMap<String, String>();
    success.getReason().forEach(id -> outcomes.put(id, "holds"));
    success.getErrors().forEach(error -> outcomes.put(error.getPolicyId(), "fails"));
    return outcomes;
  }
}
