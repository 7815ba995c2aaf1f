package lossmith.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import lossmith.blackbox.law.AdvantageBoxLaws;
import lossmith.blackbox.law.AdvantageProver;
import lossmith.blackbox.law.BoxLaws;
import lossmith.blackbox.law.BoxProver;
import lossmith.console.Output;
import lossmith.console.Progress;
import lossmith.dsl.Nearest;
import lossmith.dsl.Problem;
import lossmith.proofs.Proof;
import lossmith.python.PythonFunction;
import picocli.CommandLine.Mixin;

/** {@code prove --python}: holds a loss, or advantages, in Python to the laws that need no term. */
final class PythonProof {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Mixin private final PythonOptions python = new PythonOptions();

  boolean asked() {
    return python.asked();
  }

  /**
   * Whether every law held that may not be broken.
   *
   * @param wanted the names of the laws; all where none
   * @param cases how many
   * @param seed of the first case
   * @param json where the table goes too, if anywhere
   */
  boolean run(
      Seq<String> wanted,
      int cases,
      long seed,
      Option<Path> json,
      AcceptedFindings accepted,
      PrintWriter out,
      PrintWriter err)
      throws IOException {
    Output.check(json.toList(), List.empty());
    try (PythonFunction function = python.open()) {
      Seq<String> known = function.estimates() ? AdvantageBoxLaws.names() : BoxLaws.names();
      String kind = function.estimates() ? "an advantage" : "a loss";
      Problem.throwAll(
          wanted
              .removeAll(known)
              .map(
                  name ->
                      Problem.of(
                          "law",
                          "\""
                              + name
                              + "\", no law of "
                              + kind
                              + " in Python"
                              + Nearest.to(name, known),
                          Nearest.among(name, known),
                          "--law responses-reordered")));
      Map<String, String> reasons = accepted.reasons(() -> wanted.isEmpty() ? known : wanted);
      Proof proof = proof(function, wanted, cases, seed, err).accepting(reasons);
      out.println("  called as " + function.calling());
      out.print(proof.presumption());
      ProofTable table = new ProofTable(List.of(proof));
      out.print(proof.report());
      out.print(table.text());
      for (Path path : json) {
        ObjectNode root = MAPPER.createObjectNode();
        table.write(root.putObject("proofs"));
        Output.write(
            path, to -> MAPPER.writerWithDefaultPrettyPrinter().writeValue(to.toFile(), root));
      }
      return proof.holds();
    }
  }

  private static Proof proof(
      PythonFunction function, Seq<String> wanted, int cases, long seed, PrintWriter err) {
    if (function.estimates()) {
      try (AdvantageProver prover = new AdvantageProver(function.advantage(), wanted)) {
        return prove(prover::prove, function.name(), cases, seed, err);
      }
    }
    try (BoxProver prover = new BoxProver(function, wanted)) {
      return prove(prover::prove, function.name(), cases, seed, err);
    }
  }

  /** What is asked of a prover. */
  private interface Proving {
    Proof of(int cases, long seed, java.util.function.IntConsumer progress);
  }

  private static Proof prove(Proving proving, String name, int cases, long seed, PrintWriter err) {
    try (Progress progress = new Progress(err)) {
      return proving.of(cases, seed, i -> progress.show(name, "cases", i, cases));
    }
  }
}
