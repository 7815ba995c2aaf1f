package lossmith.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.HashSet;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import lossmith.blackbox.law.BoxProver;
import lossmith.dsl.Columns;
import lossmith.proofs.Proof;
import org.junit.jupiter.api.Test;

/** A clipped surrogate with settings, of which some do nothing. */
final class SettingLawsTest {
  private static final Map<String, Setting> READ =
      LinkedHashMap.of(
          "clip", new Setting.Amount(0.2, false), "clip_high", new Setting.Amount(0.28, false));

  /**
   * Clipped at clip_high, and at clip where that is not set.
   *
   * @param settings what it says that it reads
   */
  private record Clipped(Settings settings) implements BlackBox {
    @Override
    public String name() {
      return "clipped";
    }

    @Override
    public Set<String> columns() {
      return HashSet.of(Columns.LOG_PROB, Columns.OLD_LOG_PROB, TensorBatch.ADVANTAGE);
    }

    @Override
    public boolean knowsWhole() {
      return false;
    }

    @Override
    public Map<String, Double> parameters() {
      return LinkedHashMap.empty();
    }

    @Override
    public Answer of(TensorBatch batch, Set<String> trained, boolean single) {
      return of(batch, LinkedHashMap.empty());
    }

    @Override
    public Answer of(TensorBatch batch, Map<String, Setting> moved) {
      Map<String, Setting> all = moved.merge(READ);
      Option<Double> high = number(all, "clip_high").orElse(number(all, "clip"));
      double loss = 0;
      double[] slopes = new double[batch.size()];
      for (int i = 0; i < batch.size(); i++) {
        if (batch.mask()[i] == 1) {
          double a = batch.slots(TensorBatch.ADVANTAGE)[i];
          double d = batch.slots(Columns.LOG_PROB)[i] - batch.slots(Columns.OLD_LOG_PROB)[i];
          double r = Math.exp(Math.max(-20, Math.min(20, d)));
          double bounded = Math.max(0.8, Math.min(1 + high.get(), r));
          loss -= Math.min(r * a, bounded * a) / batch.tokens();
          slopes[i] = Math.abs(d) < 20 && r * a <= bounded * a ? -r * a / batch.tokens() : 0;
        }
      }
      return new Answer.Numbers(
          loss,
          LinkedHashMap.of(Columns.LOG_PROB, slopes),
          LinkedHashMap.empty(),
          List.empty(),
          true);
    }

    private static Option<Double> number(Map<String, Setting> all, String name) {
      return all.get(name)
          .filter(Setting.Amount.class::isInstance)
          .map(one -> ((Setting.Amount) one).value());
    }
  }

  private static Proof proof(Settings settings) {
    try (BoxProver prover = new BoxProver(new Clipped(settings), List.empty())) {
      return prover.prove(7, 1, done -> {});
    }
  }

  private static Settings reading(String... names) {
    return new Settings(
        READ.filterKeys(HashSet.of(names)::contains), List.empty(), LinkedHashMap.empty());
  }

  private static Seq<String> broken(Proof proof) {
    return proof.findings().map(finding -> finding.law().name());
  }

  @Test
  void aSettingThatActsIsNoMistakeThoughNotOnThePolicyItself() {
    Proof proof = proof(reading("clip_high"));
    assertEquals(List.of(), broken(proof).toList());
    assertTrue(proof.report().contains("nothing moves with clip_high"), proof.report());
  }

  @Test
  void oneThatAnotherStandsBeforeDoesNothing() {
    Proof proof = proof(reading("clip", "clip_high"));
    assertEquals(List.of("settings-act"), broken(proof).toList());
    String report = proof.report();
    assertTrue(report.contains("clip = 0.2: neither value nor gradient is another"), report);
    assertTrue(report.contains("it acts only where clip_high is None"), report);
  }

  @Test
  void oneThatIsNeverReadIsTold() {
    Settings settings =
        new Settings(reading("clip_high").read(), List.of("clip_hihg"), LinkedHashMap.empty());
    Proof proof = proof(settings);
    assertEquals(List.of("settings-act"), broken(proof).toList());
    assertTrue(
        proof.report().contains("clip_hihg was set, and is never read (did you mean clip_high?)"),
        proof.report());
  }

  @Test
  void twoDefaultsAreOneTooMany() {
    Settings.Fallback two =
        new Settings.Fallback(new Setting.Amount(20, false), new Setting.Amount(3, false));
    Proof proof =
        proof(
            new Settings(
                reading("clip_high").read(), List.empty(), LinkedHashMap.of("clip_high", two)));
    assertEquals(List.of("one-default"), broken(proof).toList());
    assertTrue(
        proof.report().contains("clip_high would be 20 by the loss's own default"), proof.report());
  }

  @Test
  void whatASettingMayBeBesidesIsOnBothItsSidesAndNeverItself() {
    for (double x : new double[] {0, 0.2, 1, 3, 20, -1}) {
      Seq<Double> others =
          new Setting.Amount(x, false).others().map(one -> ((Setting.Amount) one).value());
      assertTrue(others.exists(y -> y > x) && !others.contains(x), x + ": " + others);
      assertTrue(x <= 0 || others.exists(y -> y < x), x + ": " + others);
    }
    assertEquals(List.of(new Setting.Switch(false)), new Setting.Switch(true).others());
  }
}
