package lossmith.dsl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  private static final Seq<String> NAMES =
      List.of(
          "ppo", "gpg", "grpo", "dapo", "cispo", "dppo-tv", "gspo", "sapo", "gmpo", "dro", "sppo");

  @ParameterizedTest
  @CsvSource({
    "gpro, grpo",
    "dpao, dapo",
    "grop, grpo",
    "cisppo, cispo",
    "spo, ppo",
    "dpo-tv, dppo-tv"
  })
  void swappedLettersAreOneMistake(String written, String meant) {
    assertEquals(" (did you mean " + meant + "?)", Nearest.to(written, NAMES));
  }

  @Test
  void ofManyNamesTheNearestFiveAreShown() {
    assertEquals(
        "one of 11, of which the nearest are grpo, ppo, gpg, gspo, gmpo",
        Nearest.among("gpro", NAMES));
    assertEquals("one of ppo, gpg", Nearest.among("gpro", NAMES.take(2)));
  }

  @Test
  void whatIsFarIsNotMeant() {
    assertEquals("", Nearest.to("reinforcement", NAMES));
    assertTrue(Nearest.mistyped("old_logprob", "old_log_prob"));
    assertTrue(Nearest.mistyped("rewrad", "reward"));
    assertFalse(Nearest.mistyped("acc", "act"));
  }
}
