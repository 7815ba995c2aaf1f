package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vavr.collection.HashSet;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import lossmith.Main;
import lossmith.dsl.Loss;
import lossmith.dsl.Over;
import lossmith.dsl.Terms;
import lossmith.objective.Objectives;
import lossmith.proofs.law.Laws;
import lossmith.proofs.museum.Museum;
import lossmith.recipes.Card;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.Source;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.policy.Grpo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code prove} prints, writes and exits with. */
class ProveTest {
  /** A sum where its claim says mean. */
  public static final class Summed implements Recipe {
    @Override
    public Card card() {
      return Card.of(
              "summed", "A sum for a mean", new Source("This test", "here", "https://example.org"))
          .claiming(new Claim.OnPolicy("A", x -> x.mean(Over.ALL_TOKENS)));
    }

    @Override
    public Loss loss(Conventions c) {
      var a = Terms.reward().per(lossmith.dsl.Axis.TOKEN).as("A");
      return Terms.maximise(Terms.ratio().times(a).sum(Over.ALL_TOKENS));
    }
  }

  /** An own column, and a rank of what is equal for all tokens of a response. */
  public static final class Own implements Recipe {
    @Override
    public Card card() {
      return Card.of(
          "own",
          "An own column and a rank of equal numbers",
          new Source("This test", "here", "https://example.org"));
    }

    @Override
    public Loss loss(Conventions c) {
      var a = Terms.given("advantage", lossmith.dsl.Axis.SEQUENCE).per(lossmith.dsl.Axis.TOKEN);
      var first = a.abs().top(Terms.constant(3, lossmith.dsl.Axis.BATCH), Over.ALL_TOKENS);
      return Terms.maximise(Terms.ratio().weightedBy(a).mean(Over.ALL_TOKENS.where(first)));
    }
  }

  /** A rank that the last bits decide: exp of one reward at each token of a response. */
  public static final class Rounded implements Recipe {
    @Override
    public Card card() {
      return Card.of(
          "rounded",
          "A rank of what is equal but for rounding",
          new Source("This test", "here", "https://example.org"));
    }

    @Override
    public Loss loss(Conventions c) {
      var score = Terms.reward().shiftedBy(3).per(lossmith.dsl.Axis.TOKEN).exp();
      return Terms.maximise(
          Terms.ratio().weightedBy(score.rank(Over.TOKENS)).mean(Over.ALL_TOKENS));
    }
  }

  /** A mean over all tokens of what a mask multiplies; it claims nothing. */
  public static final class Padded implements Recipe {
    @Override
    public Card card() {
      return Card.of(
          "padded", "A mask as a factor", new Source("This test", "here", "https://example.org"));
    }

    @Override
    public Loss loss(Conventions c) {
      var mask = Terms.given("token_mask", lossmith.dsl.Axis.TOKEN);
      return Terms.maximise(Terms.logProb().weightedBy(mask).mean(Over.ALL_TOKENS));
    }
  }

  private static String run(int expected, String... arguments) {
    var out = new StringWriter();
    int exit =
        Main.commandLine(new Objectives(Recipes.all()))
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(out, true))
            .execute(arguments);
    assertEquals(expected, exit, out.toString());
    return out.toString();
  }

  @Test
  void recipesThatHoldAreATable(@TempDir Path folder) throws Exception {
    Path json = folder.resolve("proof.json");
    String out = run(0, "prove", "grpo", "gspo", "--cases", "5", "--json", json.toString());
    int tried = Laws.of(new Grpo()).size();
    assertTrue(out.lines().anyMatch(line -> line.matches("grpo +" + tried + " +" + tried)), out);
    assertFalse(out.contains("NO"), out);
    var laws = new ObjectMapper().readTree(json.toFile()).at("/proofs/grpo/laws");
    assertEquals(5, laws.at("/value/cases").asInt());
    assertEquals(4, laws.at("/clip-region/cases").asInt(), "it speaks of no kinks");
    assertTrue(laws.at("/clip-region/holds").asBoolean());
    assertEquals(tried, laws.size());
  }

  /** Whoever sees the first screen alone sees the objective, the change and the law. */
  @Test
  void whatIsWrongComesFirst() {
    String out = run(1, "prove", "minimise(r.times(A).mean(ALL_TOKENS))", "--cases", "6");
    int formula = out.indexOf("  L = (1/Σ|y|) Σ_{i,t} r·A");
    int law = out.indexOf(" breaks advantage-sign: ");
    int remedy = out.indexOf("  to mend it: maximise ratio times advantage");
    assertTrue(0 <= formula && formula < law && law < remedy, out);
  }

  @Test
  void aWrongOneExitsWithOneAndSaysWhatWouldMendIt(@TempDir Path folder) throws Exception {
    Path json = folder.resolve("proof.json");
    String out =
        run(1, "prove", "--class", Summed.class.getName(), "--cases", "10", "--json", "" + json);
    assertTrue(out.contains("summed breaks on-policy"), out);
    assertTrue(out.contains("seed 6"), out);
    assertTrue(out.contains("sum → mean"), out);
    assertTrue(Files.readString(json).contains("\"holds\" : false"));
  }

  @Test
  void aPaddedDenominatorIsFoundWithoutAnyClaim() {
    String out = run(1, "prove", "--class", Padded.class.getName(), "--cases", "5");
    assertTrue(out.contains("padded breaks mask-honoured"), out);
    assertTrue(out.contains("likely because where token_mask > 0 does not hold"), out);
    assertTrue(out.contains("write ALL_TOKENS.where(m), m the condition token_mask > 0"), out);
  }

  @Test
  void aFindingThatIsAcceptedIsToldWithItsReason(@TempDir Path folder) throws Exception {
    String name = Padded.class.getName();
    String out =
        run(0, "prove", name, "--cases", "5", "--accept", "mask-honoured=\"padding is rare\"");
    assertTrue(out.contains("accepted: mask-honoured is broken: padding is rare"), out);
    assertTrue(out.lines().anyMatch(line -> line.matches("mask-honoured +1 +accepted *")), out);
    Path file = folder.resolve("accepted.txt");
    Files.writeString(file, "# ours\n\nmask-honoured: padding is rare\nfinite: never seen\n");
    String ofFile = run(0, "prove", name, "--cases", "5", "--accepted", file.toString());
    assertTrue(ofFile.contains("accepted: mask-honoured is broken: padding is rare"), ofFile);
    assertTrue(ofFile.contains("accepted: finite is not broken, take it out"), ofFile);
  }

  @Test
  void whatIsAcceptedWithoutALawOrAReasonIsAMistake(@TempDir Path folder) throws Exception {
    String out = run(2, "prove", "grpo", "--accept", "finit=why", "--accept", "finite");
    assertTrue(
        out.contains("--accept finit=why, no law that is tried (did you mean finite?)"), out);
    assertTrue(out.contains("--accept finite, without a reason"), out);
    Path file = folder.resolve("accepted.txt");
    Files.writeString(file, "finite: why\nsplit\n");
    String written = run(2, "prove", "grpo", "--accepted", file.toString());
    assertTrue(written.contains("accepted.txt:2: split, without a reason"), written);
    assertTrue(
        run(2, "prove", "grpo", "--accepted", "/nowhere/x").contains("where there is no file"));
  }

  @Test
  void whatIsTrueOfItIsSaidBesideClaimsTooAndOfEachPartInItsRole() {
    String out = run(0, "prove", "k2+negative-entropy", "--cases", "5");
    assertFalse(out.contains("NOT"), out);
    assertTrue(out.contains("observed: objective: on policy it is REINFORCE with A"), out);
    String claimed = run(0, "prove", "grpo", "--cases", "5");
    assertTrue(claimed.contains("observed: on policy it is REINFORCE with A"), claimed);
  }

  @Test
  void ownColumnsAreDrawnAndTiesAreTold(@TempDir Path folder) throws Exception {
    Path json = folder.resolve("proof.json");
    String out =
        run(0, "prove", "--class", Own.class.getName(), "--cases", "20", "--json", "" + json);
    assertTrue(out.contains("column advantage was drawn per sequence, any number"), out);
    assertTrue(out.contains("the rank of |advantage| in the batch met equal numbers"), out);
    var draws = new ObjectMapper().readTree(json.toFile()).at("/proofs/own/draws");
    assertEquals(20, draws.at("/drawn").asInt(), out);
    assertTrue(draws.at("/tokens/median").asInt() > 3, out);
    assertEquals("per sequence, any number", draws.at("/own_columns/advantage").asText());
  }

  @Test
  void aProofThatCouldNotDrawItsCasesIsNone(@TempDir Path folder) throws Exception {
    Path json = folder.resolve("proof.json");
    String out =
        run(1, "prove", "--class", Rounded.class.getName(), "--cases", "20", "--json", "" + json);
    assertTrue(out.contains("rounded is NOT PROVED: "), out);
    assertTrue(out.contains("rounding decided the order of the rank of exp("), out);
    var proof = new ObjectMapper().readTree(json.toFile()).at("/proofs/rounded");
    assertFalse(proof.at("/proved").asBoolean(true), out);
    assertTrue(proof.at("/draws/shortfall/0").asText().contains("be drawn"), out);
  }

  @Test
  void aLawThatSpeaksOfNoCaseIsNotSaidToHold() {
    String out = run(0, "prove", "grpo", "--cases", "1", "--seed", "4");
    assertTrue(out.contains("not tried"), out);
    var listed =
        HashSet.of(
            out.substring(out.indexOf("hold on "), out.indexOf("not tried:")).split("[,\\s]+", -1));
    int held = Laws.of(new Grpo()).count(law -> listed.contains(law.name()));
    assertTrue(
        out.contains("  " + held + " of " + Laws.of(new Grpo()).size() + " laws hold\n"), out);
  }

  @Test
  void oneSeedReproducesACase() {
    String seed = "7";
    String name = Summed.class.getName();
    String once = run(1, "prove", name, "--cases", "1", "--seed", seed);
    assertEquals(once, run(1, "prove", name, "--cases", "1", "--seed", seed));
    assertTrue(once.contains("seed " + seed), once);
  }

  @Test
  void onlyTheLawsThatAreAskedForAreTried(@TempDir Path folder) throws Exception {
    Path json = folder.resolve("proof.json");
    String out =
        run(
            0,
            "prove",
            "grpo",
            "cispo",
            "--law",
            "finite",
            "--law",
            "clip-region",
            "--cases",
            "4",
            "--json",
            "" + json);
    assertFalse(out.contains("softmax"), out);
    var proofs = new ObjectMapper().readTree(json.toFile()).at("/proofs");
    assertEquals(4, proofs.at("/grpo/laws/finite/cases").asInt());
    assertEquals(3, proofs.at("/grpo/laws/clip-region/cases").asInt(), "it speaks of no kinks");
    assertEquals(2, proofs.at("/grpo/laws").size());
    assertEquals(1, proofs.at("/cispo/laws").size());
  }

  @Test
  void lawsThatNobodyKnowsAreMistakes() {
    String out = run(2, "prove", "grpo", "--law", "finit", "--law", "on-policy", "--law", "?");
    assertTrue(out.contains("\"finit\", no law of these recipes (did you mean finite?)"), out);
    assertTrue(out.contains("\"?\", no law of these recipes"), out);
    assertFalse(out.contains("\"on-policy\""), out);
    assertTrue(run(2, "prove", "--museum", "--law", "finite").contains("--law beside --museum"));
    assertTrue(
        run(2, "prove", "grpo", "--mutants", "--law", "finite").contains("--law beside --mutants"));
    assertTrue(run(0, "prove", "--help").contains("softmax-zero-sum"));
  }

  @Test
  void theMuseumSaysWhatCaughtEachExhibit() {
    String out = run(0, "prove", "--museum", "--cases", "150");
    int n = Museum.all().size();
    assertTrue(out.contains(n + " of " + n + " caught"), out);
  }

  @Test
  void mutantsAreCountedAndThoseThatAreNotNoticedHaveAReason(@TempDir Path folder)
      throws Exception {
    Path json = folder.resolve("mutants.json");
    String out = run(0, "prove", "grpo", "--mutants", "--cases", "40", "--json", "" + json);
    assertTrue(out.contains("mutants noticed, "), out);
    assertTrue(out.contains("equivalent: + → - at std_i(reward)"), out);
    assertTrue(out.contains("because the term has the same numbers in every case"), out);
    var equivalent = new ObjectMapper().readTree(json.toFile()).at("/mutants/grpo/equivalent");
    assertEquals("+ → - at std_i(reward)", equivalent.at("/1/mutant").asText());
  }

  @Test
  void nothingToProveAndBadNumbersAreMistakes() {
    String out = run(2, "prove", "--cases", "0");
    assertTrue(out.contains("got nothing to prove"), out);
    assertTrue(out.contains("--cases 0"), out);
    assertTrue(run(2, "prove", "grp").contains("did you mean grpo?"));
    assertTrue(run(2, "prove", "grpo", "--json", "/nowhere/x.json").contains("/nowhere/x.json"));
  }
}
