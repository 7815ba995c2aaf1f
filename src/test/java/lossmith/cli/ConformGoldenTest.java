package lossmith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConformGoldenTest {
  @TempDir Path folder = Path.of("");

  /**
   * −Σ A log π / 2 of A = (2, −1), log π = (−1, −3): value −1/2 from summands 1 and −3/2, gradient
   * (−1, 1/2).
   */
  private Path gpg(String function, String loss) throws Exception {
    return Files.writeString(
        folder.resolve("golden.json"),
        """
        {"schema":1,"set":"public","family":"small","count":1,"cases":[
         {"name":"by/hand","function":"%s","config":{"loss_agg_mode":"token-mean"},
          "inputs":{"log_prob":[[-1,5],[-3,7]],"old_log_prob":[[0,0],[0,0]],"advantages":[[2,9],[-1,9]],"response_mask":[[1,0],[1,0]]},
          "expected":{"loss":%s,"grads":{"log_prob":[[-1,0],[0.5,0]]},"metrics":{}},"wrt":["log_prob"]}]}
        """
            .formatted(function, loss));
  }

  @Test
  void aCaseThatAgreesPasses() throws Exception {
    Path json = folder.resolve("out.json");
    Path golden = gpg("verl.policy_loss.gpg", "-0.5");
    Typed run = Typed.run("conform", golden.toString(), "--json", json.toString());
    assertEquals(0, run.exit(), run.out() + run.err());
    assertTrue(
        run.out().lines().anyMatch(line -> line.matches("small +verl.policy_loss.gpg +1 +1 .*")));
    JsonNode report = new ObjectMapper().readTree(json.toFile());
    assertTrue(report.get("passes").asBoolean());
    assertTrue(report.at("/cases/by~1hand/fields/grads.log_prob/passes").asBoolean());
  }

  @Test
  void aCaseWithinTheScaleOfItsSummandsPasses() throws Exception {
    Typed run = Typed.run("conform", gpg("verl.policy_loss.gpg", "-0.500000002").toString());
    assertEquals(0, run.exit(), run.out() + run.err());
  }

  @Test
  void aCaseThatDiffersFailsByNameAndField() throws Exception {
    Typed run = Typed.run("conform", gpg("verl.policy_loss.gpg", "-0.500000003").toString());
    assertEquals(1, run.exit(), run.out() + run.err());
    assertTrue(run.out().contains("by/hand: loss is -0.5, expected -0.500000003"), run.out());
    assertFalse(run.out().contains("grads.log_prob"), run.out());
  }

  @Test
  void whatIsNotComparedFailsOrIsRefused() throws Exception {
    Path golden = gpg("verl.policy_loss.gpg", "-0.5");
    String good = Files.readString(golden);
    for (String empty : new String[] {"[]", "[[],[]]"}) {
      String bad = good.replace("\"log_prob\":[[-1,0],[0.5,0]]", "\"log_prob\":" + empty);
      Typed run = Typed.run("conform", Files.writeString(golden, bad).toString());
      assertEquals(1, run.exit(), run.out() + run.err());
      assertTrue(run.out().contains("by/hand: grads.log_prob"), run.out());
    }
    for (String metrics : new String[] {"{\"a\":\"fine\"}", "{\"a\":{}}", "{},\"los\":1"}) {
      String bad = good.replace("\"metrics\":{}", "\"metrics\":" + metrics);
      Typed run = Typed.run("conform", Files.writeString(golden, bad).toString());
      assertEquals(2, run.exit(), run.out() + run.err());
    }
    Typed run = Typed.run("conform", gpg("verl.policy_loss.gpg", "\"NaN\"").toString());
    assertEquals(1, run.exit(), run.out() + run.err());
  }

  @Test
  void anUnknownFunctionFails() throws Exception {
    Typed run = Typed.run("conform", gpg("verl.policy_los.gpg", "-0.5").toString());
    assertEquals(1, run.exit(), run.out() + run.err());
    String told = "verl.policy_los.gpg is not known (did you mean verl.policy_loss.gpg?)";
    assertTrue(run.out().contains(told), run.out());
  }

  @Test
  void aFileOfAnotherKindIsBadInput() throws Exception {
    Path other = Files.writeString(folder.resolve("other.json"), "{\"cases\":[]}");
    Typed run = Typed.run("conform", other.toString());
    assertEquals(2, run.exit(), run.out() + run.err());
    assertTrue(run.err().contains("nothing under \"schema\""), run.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"whole", "rows", "hidden"})
  void lossesOfLogitsAgreeOnEverySurface(String surface) throws Exception {
    for (String file : new String[] {"liger_grpo.json", "logits.json"}) {
      Path golden = Path.of(ConformGoldenTest.class.getResource("/golden/" + file).toURI());
      Typed run = Typed.run("conform", "--surface", surface, golden.toString());
      assertEquals(0, run.exit(), run.out() + run.err());
    }
  }

  @Test
  void aSurfaceThatNobodyKnowsIsBadInput() throws Exception {
    Typed run =
        Typed.run("conform", "--surface", "deep", gpg("verl.policy_loss.gpg", "0").toString());
    assertEquals(2, run.exit(), run.out() + run.err());
    assertTrue(run.err().contains("expected whole, rows or hidden"), run.err());
  }
}
