package lossmith.conform.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.Tuple;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.nio.file.Path;
import lossmith.conform.CaseResult;
import lossmith.conform.GoldenFunctions;
import lossmith.conform.GoldenReport;
import lossmith.dsl.reference.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The hardest cases in plain doubles, without TensorFlow. */
class GoldenReferenceTest {
  /** The terms evaluated one by one. */
  static final Meaning REFERENCE =
      (loss, nodes, samples, parameters) -> {
        Reference reference = new Reference(samples, parameters);
        return nodes.map((name, node) -> Tuple.of(name, reference.of(node)));
      };

  static Path file(String name) throws Exception {
    return Path.of(GoldenReferenceTest.class.getResource("/golden/" + name).toURI());
  }

  private static GoldenCase oneCase(String file, String name) throws Exception {
    return GoldenFile.read(file(file)).find(one -> one.name().contains(name)).get();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "verl_policy.json",
        "verl_rollout_correction.json",
        "trl_grpo.json",
        "trl_dpo.json",
        "liger_grpo.json",
        "kl.json",
        "value_agg.json",
        "logits.json",
        "verl_actor_loss.json",
        "openrlhf.json",
        "advantages.json",
        "variants.json"
      })
  void everyFieldOfEveryCaseAgrees(String file) throws Exception {
    Seq<CaseResult> compared =
        GoldenFile.read(file(file)).map(one -> CaseResult.of(one, REFERENCE));
    assertEquals(List.empty(), new GoldenReport(compared).failures());
    compared.forEach(
        one -> {
          assertTrue(one.findings().nonEmpty(), one.subject().name());
          assertEquals(expectedFields(one.subject()), one.findings().size(), one.subject().name());
        });
  }

  private static int expectedFields(GoldenCase given) {
    return given.loss().toList().size()
        + given.gradients().size()
        + given.metrics().size()
        + given.outputs().size();
  }

  @Test
  void luspoTeachesPaddingWhereItHasTokenTerms() throws Exception {
    for (String name : new String[] {"beta_kl", "token_level"}) {
      GoldenCase given = oneCase("trl_grpo.json", name);
      ComputedFields outcome =
          GoldenFunctions.named(given.function()).get().outcome(given, REFERENCE);
      NumberArray gradient = outcome.gradients().get("log_prob").get();
      NumberArray mask = given.input("response_mask");
      double leaked = 0;
      for (int i = 0; i < mask.size(); i++) {
        leaked += mask.get(i) == 0 ? Math.abs(gradient.get(i)) : 0;
      }
      assertTrue(leaked > 1e-3, name + " leaks " + leaked);
    }
  }

  @Test
  void whatDiffersIsNamed() throws Exception {
    GoldenCase given = oneCase("verl_policy.json", "rollout_is_weights");
    Meaning wrong =
        (loss, nodes, samples, parameters) -> {
          Map<String, double[]> right = REFERENCE.evaluate(loss, nodes, samples, parameters);
          return right.put(
              Computation.LOSS, new double[] {right.get(Computation.LOSS).get()[0] + 1e-6});
        };
    CaseResult compared = CaseResult.of(given, wrong);
    assertEquals(
        List.of("loss"), compared.findings().reject(FieldResult::holds).map(FieldResult::field));
    String line = new GoldenReport(List.of(compared)).failures().head();
    assertTrue(line.startsWith(given.name() + ": loss is "), line);
    assertTrue(line.contains("expected " + given.loss().get()), line);
  }
}
