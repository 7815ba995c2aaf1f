package lossmith.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import lossmith.console.TextTable;
import lossmith.console.Words;
import lossmith.proofs.Finding;
import lossmith.proofs.Proof;
import lossmith.proofs.subject.Draws;
import lossmith.proofs.trial.Trial;

/** Which laws hold, and on how many cases; of several objectives how many. */
final class ProofTable {
  /** The width of a terminal that nobody has made wider. */
  private static final int NARROW = 80;

  private final Seq<Proof> proofs;

  ProofTable(Seq<Proof> proofs) {
    this.proofs = proofs;
  }

  String text() {
    return proofs.size() == 1 ? one(proofs.head()) : many();
  }

  /** What does not hold a line each; what holds, by the number of cases, and what was not tried. */
  private static String one(Proof proof) {
    var by = proof.cases().keySet().toList().groupBy(proof::verdict);
    Seq<String> held = by.get("holds").getOrElse(List.empty());
    Seq<Seq<String>> rows =
        proof
            .cases()
            .toList()
            .filter(law -> !List.of("holds", "not tried").contains(proof.verdict(law._1)))
            .map(law -> List.of(law._1, "" + law._2, proof.verdict(law._1)));
    return (rows.isEmpty() ? "" : TextTable.of(rows.prepend(List.of("law", "cases", ""))))
        + held.map(law -> proof.cases().get(law).get())
            .distinct()
            .sorted()
            .reverse()
            .map(
                cases ->
                    listed(
                        "hold on " + cases + (cases == 1 ? " case" : " cases"),
                        held.filter(law -> proof.cases().get(law).contains(cases))))
            .mkString()
        + by.get("not tried").map(laws -> listed("not tried", laws)).getOrElse("");
  }

  private static String listed(String what, Seq<String> laws) {
    return what + ":" + System.lineSeparator() + Words.wrapped("  ", laws, ", ", NARROW);
  }

  /** How many laws each objective keeps. */
  private String many() {
    Seq<String> verdicts = List.of("holds", "NO", "accepted", "not tried");
    Seq<String> said =
        verdicts.filter(v -> proofs.exists(p -> p.cases().keySet().exists(l -> is(p, l, v))));
    return TextTable.of(
        proofs
            .map(
                proof ->
                    said.map(v -> "" + proof.cases().keySet().count(law -> is(proof, law, v)))
                        .append("" + proof.cases().size())
                        .prepend(proof.subject()))
            .prepend(said.append("laws").prepend("")));
  }

  private static boolean is(Proof proof, String law, String verdict) {
    return proof.verdict(law).equals(verdict);
  }

  private static void counts(ObjectNode to, Map<String, Integer> counts) {
    counts.forEach(count -> to.put(count._1, count._2));
  }

  private static void sizes(ObjectNode to, Seq<Integer> sizes) {
    Seq<Integer> spread = Draws.spread(sizes);
    to.put("smallest", spread.get(0)).put("median", spread.get(1)).put("largest", spread.get(2));
  }

  private static void write(ObjectNode to, Draws draws) {
    to.put("asked", draws.asked()).put("drawn", draws.drawn()).put("moving", draws.moving());
    sizes(to.putObject("tokens"), draws.tokens());
    sizes(to.putObject("responses"), draws.sequences());
    counts(to.putObject("turned_down"), draws.again());
    counts(to.putObject("not_drawn"), draws.missing().mapKeys(Trial.Kind::name));
    counts(to.putObject("ties"), draws.tied());
    ObjectNode columns = to.putObject("own_columns");
    draws.own().forEach(column -> columns.put(column._1, column._2));
    ArrayNode shortfall = to.putArray("shortfall");
    draws.shortfall().forEach(shortfall::add);
  }

  void write(ObjectNode root) {
    for (Proof proof : proofs) {
      ObjectNode node = root.putObject(proof.subject());
      node.put("proved", proof.holds());
      ArrayNode presumed = node.putArray("presumed");
      proof.presumed().forEach(presumed::add);
      write(node.putObject("draws"), proof.draws());
      ObjectNode laws = node.putObject("laws");
      for (var law : proof.cases()) {
        boolean tried = law._2 > 0;
        ObjectNode one =
            laws.putObject(law._1)
                .put("cases", law._2)
                .put(
                    "holds",
                    tried
                        ? Boolean.valueOf(!proof.isBroken(law._1) && !proof.isAccepted(law._1))
                        : null);
        proof.leftOut().get(law._1).forEach(why -> counts(one.putObject("left_out"), why));
      }
      ArrayNode findings = node.putArray("findings");
      for (Finding finding : proof.findings()) {
        findings
            .addObject()
            .put("law", finding.law().name())
            .put("applies", finding.law().when())
            .put("seed", finding.seed())
            .put("where", finding.violations().map(Object::toString).headOption().getOrElse(""));
      }
      ArrayNode accepted = node.putArray("accepted");
      proof.accepted().forEach(accepted::add);
      ArrayNode repairs = node.putArray("repairs");
      proof.repairs().forEach(repair -> repairs.add(repair.toString()));
    }
  }
}
