package lossmith.blackbox.law;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import lossmith.blackbox.Answer;
import lossmith.blackbox.BlackBox;
import lossmith.blackbox.Probes;
import lossmith.blackbox.Setting;
import lossmith.blackbox.Settings;
import lossmith.blackbox.TensorBatch;
import lossmith.dsl.Columns;
import lossmith.dsl.Nearest;

/**
 * What each setting of a loss changes: it is set to other values, on batches near the policy and
 * far from it, until the value or the gradient moves.
 */
final class SettingEffects {
  /** Two runs of one computation differ by nothing. */
  private static final double SAME = 1e-13;

  /** What a setting may be that is never read. */
  private static final Setting ANY = new Setting.Amount(0.3, false);

  private final BlackBox box;
  private final String nothing;
  private final Settings settings;
  private final Seq<Asked> near;
  private final Seq<Asked> all;

  /** A batch, and what the loss gives for it as it is. */
  private record Asked(TensorBatch batch, Answer answer) {}

  /**
   * Effects.
   *
   * @param box what has settings
   * @param nothing what is another with none of them, in words
   */
  SettingEffects(BlackBox box, String nothing) {
    this.box = box;
    this.nothing = nothing;
    this.settings = box.settings();
    Seq<TensorBatch> off = List.of(0.4, 1.2, 3.0).flatMap(Probes::offPolicy).toVector();
    this.near =
        off.take(6)
            .map(TensorBatch::onPolicy)
            .flatMap(SettingEffects::stronger)
            .map(batch -> new Asked(batch, box.of(batch)))
            .toVector();
    this.all =
        off.flatMap(SettingEffects::stronger)
            .appendAll(Probes.offPolicy(60).take(2))
            .appendAll(Probes.odd())
            .map(batch -> new Asked(batch, box.of(batch)))
            .appendAll(near)
            .toVector();
  }

  /** With advantages and rewards as they are, and larger ones. */
  private static Seq<TensorBatch> stronger(TensorBatch batch) {
    double[] a = batch.slots(TensorBatch.ADVANTAGE);
    double[] r = batch.responses().get(Columns.REWARD).get();
    return List.of(
        batch,
        batch
            .with(TensorBatch.ADVANTAGE, slot -> 4 * a[slot])
            .withResponses(Columns.REWARD, row -> 4 * r[row]));
  }

  /** What is wrong with the settings, a sentence each. */
  Seq<String> dead() {
    return settings
        .unread()
        .map(
            name ->
                name
                    + " was set, and is never read"
                    + Nearest.to(name, settings.read().keySet().toList())
                    + shadow(name, ANY))
        .appendAll(
            settings
                .read()
                .filter((name, is) -> !acts(name, is, all, LinkedHashMap.empty()))
                .map(one -> dead(one._1, one._2)));
  }

  private String dead(String name, Setting is) {
    return name
        + " = "
        + is
        + ": "
        + nothing
        + " is another with "
        + is.others().mkString(", ")
        + ", on "
        + all.size()
        + " batches"
        + shadow(name, is);
  }

  /** Another setting without which it would act, in words. */
  private String shadow(String name, Setting is) {
    return settings
        .read()
        .keySet()
        .toList()
        .filter(other -> !other.equals(name))
        .iterator()
        .find(other -> acts(name, is, all.take(12), LinkedHashMap.of(other, new Setting.Unset())))
        .map(other -> "; it acts only where " + other + " is None")
        .getOrElse("");
  }

  private boolean acts(String name, Setting is, Seq<Asked> batches, Map<String, Setting> besides) {
    return batches
        .iterator()
        .exists(
            one -> {
              TensorBatch batch = one.batch;
              Answer before = besides.isEmpty() ? one.answer : box.of(batch, besides);
              return is.others()
                  .iterator()
                  .exists(
                      other ->
                          !same(
                              before, box.of(batch, besides.put(name, other)), besides.isEmpty()));
            });
  }

  /** Whether two answers are one; beside a setting that is not meant, no failure is an effect. */
  private static boolean same(Answer left, Answer right, boolean failures) {
    if (!(left instanceof Answer.Numbers a)
        || !(right instanceof Answer.Numbers b)
        || !a.finite()
        || !b.finite()) {
      boolean alike = (left instanceof Answer.Numbers) == (right instanceof Answer.Numbers);
      return !failures || alike;
    }
    double allowed = SAME * a.scale();
    return Math.abs(a.loss() - b.loss()) <= allowed
        && a.gradients()
            .keySet()
            .addAll(b.gradients().keySet())
            .forAll(
                name -> {
                  int slots = Math.max(slots(a, name), slots(b, name));
                  double[] x = a.gradient(name, slots);
                  double[] y = b.gradient(name, slots);
                  return List.range(0, slots).forAll(i -> Math.abs(x[i] - y[i]) <= allowed);
                });
  }

  private static int slots(Answer.Numbers numbers, String column) {
    return numbers.gradients().get(column).map(g -> g.length).getOrElse(0);
  }

  /** Settings with two defaults, a sentence each. */
  Seq<String> twice() {
    return settings
        .fallbacks()
        .toList()
        .map(
            one ->
                one._1
                    + " would be "
                    + one._2.own()
                    + " by the loss's own default, which is never used: "
                    + one._2.declared()
                    + " is declared");
  }

  /** The settings that act, and not on the policy itself. */
  Seq<String> onlyLater() {
    return settings
        .read()
        .filter((name, is) -> acts(name, is, all, LinkedHashMap.empty()))
        .filter((name, is) -> !acts(name, is, near, LinkedHashMap.empty()))
        .map(one -> one._1)
        .toList();
  }

  /** Whether any were read or set. */
  boolean some() {
    return !settings.isEmpty();
  }
}
